"""Public facts and everyday English for the recipes, beside those of bench/words.py.

Lists that are drawn from with falling weights (draws.often) have their commonest entries first.
"""


def _words(text):
    return tuple(text.split())


def _lines(text):
    return tuple(line.strip() for line in text.strip().splitlines())


# ISO 3166: code, code of three letters, English name, language, currency, capital.
COUNTRIES = tuple(tuple(part.strip() for part in line.split("|")) for line in _lines("""
    US|USA|United States|en|USD|Washington
    GB|GBR|United Kingdom|en|GBP|London
    DE|DEU|Germany|de|EUR|Berlin
    FR|FRA|France|fr|EUR|Paris
    IN|IND|India|hi|INR|New Delhi
    BR|BRA|Brazil|pt|BRL|Brasília
    ES|ESP|Spain|es|EUR|Madrid
    IT|ITA|Italy|it|EUR|Rome
    CA|CAN|Canada|en|CAD|Ottawa
    JP|JPN|Japan|ja|JPY|Tokyo
    NL|NLD|Netherlands|nl|EUR|Amsterdam
    AU|AUS|Australia|en|AUD|Canberra
    CN|CHN|China|zh|CNY|Beijing
    PL|POL|Poland|pl|PLN|Warsaw
    MX|MEX|Mexico|es|MXN|Mexico City
    SE|SWE|Sweden|sv|SEK|Stockholm
    CH|CHE|Switzerland|de|CHF|Bern
    RU|RUS|Russia|ru|RUB|Moscow
    KR|KOR|South Korea|ko|KRW|Seoul
    TR|TUR|Turkey|tr|TRY|Ankara
    BE|BEL|Belgium|nl|EUR|Brussels
    AT|AUT|Austria|de|EUR|Vienna
    PT|PRT|Portugal|pt|EUR|Lisbon
    DK|DNK|Denmark|da|DKK|Copenhagen
    NO|NOR|Norway|nb|NOK|Oslo
    FI|FIN|Finland|fi|EUR|Helsinki
    IE|IRL|Ireland|en|EUR|Dublin
    CZ|CZE|Czechia|cs|CZK|Prague
    GR|GRC|Greece|el|EUR|Athens
    RO|ROU|Romania|ro|RON|Bucharest
    HU|HUN|Hungary|hu|HUF|Budapest
    UA|UKR|Ukraine|uk|UAH|Kyiv
    IL|ISR|Israel|he|ILS|Jerusalem
    ID|IDN|Indonesia|id|IDR|Jakarta
    VN|VNM|Vietnam|vi|VND|Hanoi
    TH|THA|Thailand|th|THB|Bangkok
    PH|PHL|Philippines|en|PHP|Manila
    MY|MYS|Malaysia|ms|MYR|Kuala Lumpur
    SG|SGP|Singapore|en|SGD|Singapore
    HK|HKG|Hong Kong|zh|HKD|Hong Kong
    TW|TWN|Taiwan|zh|TWD|Taipei
    NZ|NZL|New Zealand|en|NZD|Wellington
    ZA|ZAF|South Africa|en|ZAR|Pretoria
    NG|NGA|Nigeria|en|NGN|Abuja
    EG|EGY|Egypt|ar|EGP|Cairo
    KE|KEN|Kenya|sw|KES|Nairobi
    AR|ARG|Argentina|es|ARS|Buenos Aires
    CL|CHL|Chile|es|CLP|Santiago
    CO|COL|Colombia|es|COP|Bogotá
    PE|PER|Peru|es|PEN|Lima
    SA|SAU|Saudi Arabia|ar|SAR|Riyadh
    AE|ARE|United Arab Emirates|ar|AED|Abu Dhabi
    PK|PAK|Pakistan|ur|PKR|Islamabad
    BD|BGD|Bangladesh|bn|BDT|Dhaka
    MA|MAR|Morocco|ar|MAD|Rabat
    SK|SVK|Slovakia|sk|EUR|Bratislava
    SI|SVN|Slovenia|sl|EUR|Ljubljana
    HR|HRV|Croatia|hr|EUR|Zagreb
    BG|BGR|Bulgaria|bg|BGN|Sofia
    RS|SRB|Serbia|sr|RSD|Belgrade
    LT|LTU|Lithuania|lt|EUR|Vilnius
    LV|LVA|Latvia|lv|EUR|Riga
    EE|EST|Estonia|et|EUR|Tallinn
    IS|ISL|Iceland|is|ISK|Reykjavík
    LU|LUX|Luxembourg|fr|EUR|Luxembourg
    TN|TUN|Tunisia|ar|TND|Tunis
    GH|GHA|Ghana|en|GHS|Accra
    LK|LKA|Sri Lanka|si|LKR|Colombo
    NP|NPL|Nepal|ne|NPR|Kathmandu
    KZ|KAZ|Kazakhstan|kk|KZT|Astana
    GE|GEO|Georgia|ka|GEL|Tbilisi
    UY|URY|Uruguay|es|UYU|Montevideo
    EC|ECU|Ecuador|es|USD|Quito
    CR|CRI|Costa Rica|es|CRC|San José
    DO|DOM|Dominican Republic|es|DOP|Santo Domingo
    QA|QAT|Qatar|ar|QAR|Doha
    CY|CYP|Cyprus|el|EUR|Nicosia
    MT|MLT|Malta|mt|EUR|Valletta
"""))

LANGUAGES = _lines("""
    English
    Spanish
    German
    French
    Portuguese
    Italian
    Chinese
    Japanese
    Dutch
    Russian
    Arabic
    Polish
    Korean
    Turkish
    Hindi
    Swedish
    Danish
    Norwegian
    Finnish
    Greek
    Czech
    Romanian
    Hungarian
    Ukrainian
    Hebrew
    Indonesian
    Vietnamese
    Thai""")

TIME_ZONES = _words("""
    UTC America/New_York Europe/London Europe/Berlin Europe/Paris America/Los_Angeles America/Chicago
    Asia/Kolkata America/Sao_Paulo Asia/Tokyo Europe/Madrid Europe/Rome Asia/Shanghai Australia/Sydney
    America/Toronto Europe/Amsterdam Europe/Warsaw America/Mexico_City America/Denver Europe/Moscow
    Europe/Istanbul Asia/Singapore Asia/Hong_Kong Asia/Seoul Asia/Jakarta Asia/Dubai Africa/Johannesburg
    Africa/Lagos Africa/Cairo Africa/Nairobi Europe/Stockholm Europe/Zurich Europe/Vienna Europe/Brussels
    Europe/Lisbon Europe/Dublin Europe/Copenhagen Europe/Oslo Europe/Helsinki Europe/Prague Europe/Athens
    Europe/Budapest Europe/Bucharest Europe/Kiev Asia/Jerusalem Asia/Bangkok Asia/Manila Asia/Karachi
    Asia/Dhaka Asia/Ho_Chi_Minh America/Argentina/Buenos_Aires America/Bogota America/Lima
    America/Santiago America/Phoenix America/Vancouver Australia/Melbourne Australia/Perth
    Pacific/Auckland Pacific/Honolulu Etc/UTC""")

MIME_TYPES = _words("""
    text/html application/json image/jpeg image/png text/plain application/javascript text/css image/webp
    image/svg+xml image/gif application/pdf text/javascript application/octet-stream font/woff2 video/mp4
    application/xml text/xml text/csv application/zip application/x-www-form-urlencoded multipart/form-data
    audio/mpeg image/x-icon image/avif font/woff application/gzip video/webm audio/ogg text/markdown
    application/ld+json application/manifest+json application/wasm application/msword font/ttf
    application/vnd.openxmlformats-officedocument.wordprocessingml.document
    application/vnd.openxmlformats-officedocument.spreadsheetml.sheet
    application/vnd.openxmlformats-officedocument.presentationml.presentation
    application/vnd.ms-excel application/vnd.ms-powerpoint application/vnd.api+json
    application/problem+json application/rss+xml application/atom+xml application/x-tar application/x-bzip2
    application/x-7z-compressed application/rtf application/epub+zip application/graphql
    application/vnd.oasis.opendocument.text application/vnd.oasis.opendocument.spreadsheet
    application/vnd.android.package-archive application/x-ndjson application/x-protobuf application/sql
    application/x-sh application/x-yaml image/bmp image/tiff image/heic audio/wav audio/webm audio/aac
    audio/flac audio/mp4 video/quicktime video/x-msvideo video/mpeg video/ogg video/3gpp text/calendar
    text/vcard text/event-stream message/rfc822 font/otf model/gltf-binary""")

TOP_DOMAINS = _words("""
    com org net de co.uk io fr com.br nl it es ru jp in ca com.au pl eu info co ch se us app dev at be cz dk
    no fi pt gr ro hu me tv ai cloud online shop xyz store site tech biz edu gov ac.uk org.uk co.jp co.in
    com.mx com.ar com.tr co.za co.nz ie kr cn tw""")

# Parts of names of sites and organisations.
SITE_PARTS = _words("""
    my the web net shop store home tech book news data cloud live blog travel food music sport health green
    blue red smart fast easy best free world city digital media design studio photo game play code soft lab
    hub box point link line zone base land house garden art life style fashion auto car bike job work team
    group global euro inter trade market bank pay cash money credit law med dental pet kids school learn
    academy club forum wiki press radio video film eco solar energy water sun moon star sky sea river mountain
    wood stone gold silver north south east west park bridge castle tower king royal prime first next one
    alpha omega nova vita terra aqua""")

TITLES = _lines("""
    How to choose the right {noun} for your {place}
    {count} things you should know about {thing}
    The best {adjective} {noun}s of {year}
    Why {thing} matters more than ever
    A beginner's guide to {thing}
    What we learned from {count} years of {thing}
    {Adjective} {noun} with {adjective} {noun}
    {Adjective} {noun} for the {place}, {colour}
    Everything you need to know about the new {noun}
    Getting started with {thing}
    Introducing our new {thing} service
    The future of {thing}
    Top {count} tips for better {thing}
    {Thing} and the history of the {noun}
    Weekly report: {thing} and {thing}
    Meeting notes, {month} {day}
    Your guide to {thing} in {city}
    New in {month}: {adjective} {noun}s
    {City} to host international conference on {thing}
    Set of {count} {adjective} {noun}s
    Scientists find new evidence of {thing} in {city}
    Government announces plans for {thing}
    Is this the end of {thing}?
    Release {number}.{number}: improvements to {thing}""")

MESSAGES = _lines("""
    Thank you for your order. It will be shipped within {count} business days.
    Your order has been shipped and will arrive on {month} {day}.
    Your password has been changed. If this was not you, please contact our support team.
    Please confirm your email address by clicking the link below.
    You have {count} new messages and {number} unread notifications.
    {first} commented on your photo.
    {first} {last} started following you.
    {first} invited you to join the group "{Thing}".
    Your payment of {price} was received. Thank you!
    Your subscription will be renewed on {month} {day}.
    The file could not be found. Please try again later.
    An unexpected error occurred while processing your request.
    Hi {first}, thanks for getting in touch. We will get back to you as soon as possible.
    Hello {first}, I would like to know if the {noun} is still available.
    I bought this {noun} for my {place} and I am very happy with it.
    Great quality and fast delivery, would buy again.
    The {noun} arrived two days late and the box was damaged, but it works well.
    Not what I expected. The {noun} is much smaller than it looks in the picture.
    Does anyone know where I can find a good {noun} in {city}?
    We are looking for a {adjective} {noun} that fits into a small {place}.
    This {noun} is made of {adjective} material and comes with a {count} year warranty.
    Just landed in {city}! Looking forward to the conference about {thing}.
    I can't believe it is already {month}. Where did the time go?
    Today was a good day at work, we finally finished the {thing} project.
    Please see the attached document for more information about {thing}.
    It was one of the first {noun}s to be used in {thing}.
    The {noun} is located in the centre of the {place}, near the old station.
    {City} is the largest city in the region and has a population of about {number},000.
    He was born in {city} in {year} and studied {thing} at the university.
    She has written several books about {thing} and lives in {city} with her family.
    There is no doubt that {thing} has changed the way we live and work.
    You can return the {noun} within {number} days if you are not satisfied.
    Reminder: your appointment is on {month} {day} at {hour}:00.
    Your verification code is {code}. Do not share it with anyone.
    The meeting has been moved to {month} {day}, please let me know if that works for you.
    This page is not available in your country.
    In this article we will show you how to use {thing} to improve your {noun}.
    If you have any questions about {thing}, please feel free to contact us.
    Sorry for the late reply, I was out of the office last week.
    Sign in to continue to your account.
    Are you sure you want to delete this {noun}? This can't be undone.
    I think we should wait for the results before we make a decision about {thing}.
    What do you think about the new {noun}? I like it, but the price is too high.
    Good morning everyone, the {noun}s are ready and can be picked up at the {place}.""")

COMMITS = _lines("""
    Fix {part} when {part} is empty
    Add support for {part} in {part}
    Remove unused {part}
    Update dependencies
    Merge pull request #{code} from {first}/{part}
    Bump version to {number}.{number}.{number}
    Refactor {part} to use {part}
    fix: handle missing {part} in {part}
    feat: add {part} to the {part} page
    docs: describe the {part}
    test: cover {part} with {part}
    chore: update {part}
    Improve error message of the {part}
    Don't crash if the {part} can't be found
    Move {part} into its own module
    Make {part} faster by caching the {part}
    Revert "Add {part} to {part}\"""")

PARTS = _words("""
    parser cache session user login config tests build docs database query index API client server request
    response header cookie token timeout error logging worker queue job scheduler model view controller
    template form button menu table list editor search filter upload download export import image file path
    module package type interface option flag default value key field schema migration backup script""")

THINGS = _lines("""
    artificial intelligence
    public transport
    climate change
    renewable energy
    online shopping
    remote work
    data protection
    machine learning
    home cooking
    travel
    music
    health care
    education
    software development
    project management
    customer service
    urban planning
    gardening
    photography
    cycling
    modern art
    web design
    personal finance
    marketing
    football
    science
    local history
    food and drink
    mental health
    open source""")

PLACES = _words("""
    kitchen living-room garden office bedroom bathroom garage house flat workshop studio classroom school
    library museum station airport hotel restaurant city village market street park""")
COLOURS = _words("black white blue red green grey brown yellow orange purple pink silver gold beige navy")
MONTHS = _words("January February March April May June July August September October November December")
DAYS = _words("Monday Tuesday Wednesday Thursday Friday Saturday Sunday")
