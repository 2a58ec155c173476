"""Word lists for generate.py: common words, public facts and made-up companies.

Lists that are drawn from with falling weights (generate.often) have their commonest entries first.
"""


def _words(text):
    return tuple(text.split())


def _lines(text):
    return tuple(line.strip() for line in text.strip().splitlines())


FIRST_NAMES = _words("""
    Maria James Anna Michael John David Sarah Robert Daniel Laura Thomas Emma Ali Mohammed Elena Peter Julia
    Paul Martin Sofia Lucas Olivia Mark Andrea Jose Carlos Ana Luis Wei Yuki Fatima Ahmed Omar Priya Ravi Anil
    Sunita Chen Li Ming Hana Kenji Aiko Ivan Olga Natalia Dmitri Katarzyna Piotr Łukasz Agnieszka Jan Eva Petr
    Jana Tomáš Lars Ingrid Erik Astrid Björn Freja Søren Mette Jürgen Heike Stefan Sabine Klaus Birgit Pierre
    Camille Élodie Mathieu François Chloé Giulia Marco Francesca Luca Chiara José María Jesús Lucía Álvaro
    João Inês Tiago Beatriz Rui Mehmet Ayşe Emre Zeynep Yusuf Leila Hassan Noor Samira Karim Amara Chidi Ngozi
    Kwame Abena Thabo Lerato Sipho Wanjiru Otieno Linh Minh Thuy Nguyen Siti Budi Dewi Putri Arif Grace Hannah
    Noah Liam Mia Ethan Ava Oliver Amelia George Isla Harry Freya Jack Poppy William Ella Henry Charlotte
    Samuel Alice Benjamin Ruby Joseph Rosa Victor Clara Hugo Nina Felix Ida Oscar Elsa Axel Maja Nils Tuva
    Aaron Rachel Simon Rebecca Adam Leah""")

LAST_NAMES = _words("""
    Smith Garcia Müller Johnson Silva Brown Kim Lee Wang Chen Nguyen Martin Jones Khan Singh Patel Rossi
    Ivanov Kowalski Nowak Hansen Johansson Andersson Nielsen Larsen Schmidt Schneider Fischer Weber Meyer
    Wagner Becker Hoffmann Koch Bauer Dubois Laurent Lefebvre Moreau Girard Fournier Mercier Lambert Fontaine
    Ricci Marino Greco Conti Esposito Romano Colombo Fernandez Gonzalez Rodriguez Lopez Martinez Sanchez Perez
    Gomez Diaz Torres Ruiz Ramirez Flores Castillo Santos Oliveira Souza Pereira Costa Almeida Carvalho
    Ribeiro Yilmaz Demir Kaya Çelik Öztürk Hussein Abdullah Rahman Haddad Mansour Nasser Okafor Adeyemi Mensah
    Boateng Dlamini Nkosi Mwangi Kamau Tanaka Suzuki Watanabe Takahashi Ito Yamamoto Nakamura Kobayashi Park
    Choi Jung Kang Zhang Liu Yang Huang Zhao Wu Zhou Tran Pham Hoang Vu Sari Wijaya Santoso Sharma Gupta Mehta
    Reddy Iyer Das Bose Chopra Davies Evans Thomas Roberts Walker Wright Thompson White Hughes Edwards Green
    Hall Wood Harris Lewis Clarke Turner Hill O'Brien O'Connor Murphy Kelly Byrne Ryan Novák Svoboda Dvořák
    Horváth Nagy Szabó Popescu Ionescu Petrov Dimitrov Virtanen Korhonen Mäkinen Lindqvist Bergström
    van-der-Berg de-Vries Jansen Bakker Visser Peeters Janssens""")

MAIL_DOMAINS = _words("""
    gmail.com yahoo.com hotmail.com outlook.com icloud.com gmx.de web.de aol.com mail.ru proton.me live.com
    yahoo.co.uk googlemail.com orange.fr comcast.net free.fr msn.com t-online.de libero.it hotmail.co.uk wp.pl
    btinternet.com qq.com 163.com naver.com yandex.ru me.com verizon.net bol.com.br uol.com.br terra.com.br
    laposte.net wanadoo.fr seznam.cz o2.pl ymail.com rediffmail.com fastmail.com telenet.be ziggo.nl
    bluewin.ch telia.com""")

COMPANIES = _words("""
    northwind brightpath bluefern oakline quillworks stonebridge harborlight lumenfield copperleaf fairmile
    tidewater ironwood silverbirch redkite greystone maplehurst clearwater highmoor wildrose foxglove
    amberlake crosswind pinecrest meadowlark rivermouth skylark thornbury whitecliff goldcrest larkspur""")

TOP_DOMAINS = _words("com com com com com org net io de co.uk fr nl com.br es it pl eu app dev")

COUNTRIES = _lines("""
    United States
    India
    Germany
    United Kingdom
    Brazil
    France
    Japan
    Canada
    Spain
    Italy
    Mexico
    Netherlands
    Australia
    Poland
    Indonesia
    Turkey
    South Korea
    Sweden
    Switzerland
    Argentina
    Belgium
    Portugal
    Austria
    Ireland
    Denmark
    Norway
    Finland
    South Africa
    Nigeria
    Egypt
    Kenya
    Vietnam
    Thailand
    Philippines
    Malaysia
    Singapore
    New Zealand
    Chile
    Colombia
    Peru
    Czechia
    Romania
    Hungary
    Greece
    Ukraine
    Israel
    Saudi Arabia
    United Arab Emirates
    Pakistan
    Bangladesh
    Morocco
    Tunisia
    Ghana
    Ethiopia
    Uruguay
    Ecuador
    Bolivia
    Costa Rica
    Panama
    Dominican Republic
    Croatia
    Slovenia
    Slovakia
    Bulgaria
    Serbia
    Estonia
    Latvia
    Lithuania
    Iceland
    Luxembourg
    Sri Lanka
    Nepal
    Kazakhstan
    Georgia
    Côte d'Ivoire
    Senegal
    Bosnia and Herzegovina
    Trinidad and Tobago""")

CITIES = _lines("""
    London
    Paris
    Berlin
    New York
    Madrid
    São Paulo
    Mumbai
    Tokyo
    Toronto
    Sydney
    Amsterdam
    Vienna
    Stockholm
    Warsaw
    Lisbon
    Dublin
    Zürich
    Copenhagen
    Helsinki
    Oslo
    Mexico City
    Buenos Aires
    Nairobi
    Lagos
    Cairo
    Istanbul
    Seoul
    Singapore
    Jakarta
    Bengaluru
    Chicago
    Austin
    Manchester
    Lyon
    Hamburg
    Milano
    Barcelona
    Kraków
    Prague
    Budapest""")

LOCALES = _words("en-US en-GB de-DE fr-FR es-ES pt-BR it-IT nl-NL ja-JP pl-PL sv-SE tr-TR ko-KR zh-CN")
TIME_ZONES = _words("""
    America/New_York Europe/London Europe/Berlin Europe/Paris Asia/Kolkata America/Sao_Paulo Europe/Madrid
    Asia/Tokyo America/Chicago America/Los_Angeles Europe/Warsaw Australia/Sydney Europe/Stockholm
    Europe/Istanbul""")
CURRENCIES = _words("EUR USD GBP BRL JPY PLN SEK CHF INR")

SENIORITIES = _lines("""
    Senior
    Junior
    Lead
    Assistant
    Principal
    Associate
    Head
    Chief
    Deputy
    Trainee
    Staff
    Interim""")
FIELDS = _lines("""
    Software
    Sales
    Project
    Marketing
    Account
    Data
    Product
    Business
    Customer Service
    Human Resources
    Quality Assurance
    Finance
    Operations
    Mechanical
    Electrical
    Civil
    Systems
    Network
    Security
    Research
    Clinical
    Supply Chain
    Logistics
    Warehouse
    Facilities
    Legal
    Tax
    Payroll
    Procurement
    Content
    Graphic
    UX
    Front End
    Back End
    DevOps
    Machine Learning
    Cloud
    Database
    Environmental
    Nursing
    Dental
    Veterinary
    Restaurant
    Hotel
    Retail Store
    Insurance
    Real Estate
    Laboratory""")
ROLES = _words("""
    Manager Engineer Analyst Developer Assistant Consultant Specialist Coordinator Director Administrator
    Technician Designer Officer Supervisor Representative Accountant Architect Advisor Executive Planner
    Scientist Inspector Trainer Recruiter Buyer Clerk Operator Nurse Teacher Intern""")

SKILLS = _words("""
    browser billing search checkout catalog payments inventory shipping profile session cache orders pricing
    reports gateway mailer export import scheduler webhooks""")

COMMON_WORDS = _words("""
    the of and to in is for on that with as was at by it from be are this have or had not but what all were
    when we there can an your which their if do will each about how up out them then she many some so these
    would other into has more her two like him see time could no make than first been its who now people my
    made over did down only way find use may water long little very after words called just where most know
    get through back much before go good new write our used me man too any day same right look think also
    around another came come work three word must because does part even place well such here take why things
    help put years different away again off went old number great tell men say small every found still between
    name should home big give air line set own under read last never us left end along while might next sound
    below saw something thought both few those always looked show large often together asked house world going
    want school important until form food keep children feet land side without boy once animals life enough
    took sometimes four head above kind began almost live page got earth need far hand high year mother light
    parts country father let night following picture being study second eyes soon times story boys since white
    days ever paper hard near sentence better best across during today others however sure means knew try told
    young miles sun ways thing whole hear example heard several change answer room sea against top turned
    learn point city play toward five using himself usually""")

NOUNS = _words("""
    lamp chair table desk shelf kettle mug bottle jacket boots gloves scarf backpack wallet camera tripod
    speaker headphones keyboard mouse monitor cable charger battery notebook pencil marker puzzle blanket
    pillow towel basket mirror clock vase planter hammer drill saw ladder rope tent stove lantern bicycle
    helmet pump lock skateboard guitar piano drum violin""")
ADJECTIVES = _words("""
    small large light classic modern wooden steel soft warm wireless portable foldable waterproof organic
    recycled vintage compact premium everyday slim heavy blue black white green red grey natural handmade""")

SERVICES = _words("api auth billing worker search mailer gateway scheduler")
LEVELS = _words("INFO INFO INFO INFO INFO INFO INFO DEBUG DEBUG WARN WARN ERROR")
PATHS = _words("""
    /api/v1/users /api/v1/orders /api/v1/products /login /logout /api/v1/cart /search /health /api/v2/sessions
    /static/app.js /api/v1/payments /admin/reports""")

PHONES = _lines("""
    SM-G991B
    K
    SM-A546B
    SM-S918B
    Pixel 7
    Pixel 8 Pro
    Redmi Note 11
    SM-A127F
    2201117TG
    M2101K6G
    CPH2451
    moto g(60)
    SM-G973F
    RMX3085
    SM-A325F
    V2110
    LE2113
    SM-N986B
    Pixel 6a
    M2007J20CG
    SM-A515F
    Nokia G20
    XQ-BC72
    SM-G781B
    moto g power (2022)
    RMX2170
    SM-A226B
    Redmi Note 9 Pro
    VOG-L29
    ELE-L29
    SM-T510
    CPH2269
    SM-A705FN
    M2102J20SG
    POCO F1
    ONEPLUS A6013
    LM-Q720
    Infinix X6816
    TECNO KI5q
    SM-M315F""")
BUILDS = _words("""
    TP1A.220624.014 UP1A.231005.007 RP1A.200720.012 SP1A.210812.016 QP1A.190711.020 AP2A.240805.005""")
BOTS = _words("bingbot Googlebot AhrefsBot SemrushBot YandexBot DotBot PetalBot Applebot MJ12bot DuckDuckBot")

WORLD_CITIES = _words("""
    London Paris München Göteborg Kraków Łódź Αθήνα Θεσσαλονίκη Москва Новосибирск Екатеринбург Київ Львів
    София İstanbul İzmir القاهرة دمشق بغداد تهران मुंबई दिल्ली ঢাকা กรุงเทพ เชียงใหม่ 東京 大阪 京都 札幌 北京 上海 广州
    深圳 臺北 서울 부산 São-Paulo Brasília Bogotá Córdoba Reykjavík Tromsø Århus Zürich Genève Málaga A-Coruña
    Hà-Nội Đà-Nẵng Тбилиси თბილისი Երևան ירושלים חיפה Ташкент Αλεξανδρούπολη Plzeň Brno Győr Szeged Timișoara
    Rīga Šiauliai Tartu Jyväskylä Ålesund""")
