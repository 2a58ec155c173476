"""Everyday English words beyond those of bench/words.py, the commoner ones first within each list."""


def _words(text):
    return tuple(text.split())


NOUNS = _words("""
    year day way man woman child life world school state family student group country problem hand part
    place case week company system program question work government number night point home water room
    mother area money story fact month lot right study book eye job word business issue side kind head
    house service friend father power hour game line end member law car city community name president team
    minute idea body information back parent face others level office door health person art war history
    party result change morning reason research girl guy moment air teacher force education foot boy age
    policy music market nation plan college interest death experience effect class control field
    development role effort rate heart drug show leader light voice wife police mind price report decision
    son view relationship town road arm difference value building action season society tax director
    position player record paper space ground form event official matter center couple site project
    activity star table need court oil situation cost industry figure street image phone data picture
    practice piece land product doctor wall patient worker news test movie north love support technology
    step baby computer type attention film tree source organization hair look window culture chance
    brother energy period course summer plant opportunity term letter condition choice rule daughter south
    husband floor campaign material population economy medical hospital church call fish model future risk
    fire director bank west sport board subject officer rest behavior performance fight top goal second
    bed order author blood agency nature color store sound movement page race concern series language
    response animal factor decade article east artist scene stock career treatment approach size dog fund
    sign thought list individual quality pressure answer resource meeting disease success cup amount
    ability staff character growth loss degree attack region television box training trade deal election
    feeling standard bill message analysis benefit sex lawyer section glass skill sister professor
    operation crime stage authority design sort knowledge gun station strategy truth song example
    environment leg dark museum library restaurant island village bridge river mountain forest beach
    kitchen garden bathroom bedroom apartment hotel airport train flight ticket holiday trip map weather
    winter spring autumn snow rain wind storm sun moon sky sea coffee tea bread milk cheese meat chicken
    rice fruit apple sugar salt dinner lunch breakfast recipe wine beer bottle plate knife spoon shirt
    dress shoe hat bag clock camera battery screen keyboard button engine wheel bike truck boat plane ship
    gift toy football tennis birthday wedding winner coach club match league championship album concert
    band guitar singer actor theatre festival prize award novel poem newspaper magazine website link email
    password account user file folder network server database software version update feature error bug
    security address password customer invoice payment delivery discount warranty refund package shipping
    subscription download settings profile comment review rating photo video channel post blog topic forum
    search result category tag label option status""")

VERBS = _words("""
    be have do say get make go know take see come think look want give use find tell ask work seem feel
    try leave call keep let begin help show hear play run move live believe bring happen write provide sit
    stand lose pay meet include continue set learn change lead understand watch follow stop create speak
    read allow add spend grow open walk win offer remember love consider appear buy wait serve die send
    expect build stay fall cut reach kill remain suggest raise pass sell require report decide pull return
    explain hope develop carry break receive agree support hit produce eat cover catch draw choose cause
    point listen realize place close involve increase save design share check click select enter update
    delete remove install download upload confirm cancel sign register subscribe contact search compare
    review order ship deliver visit travel drive fly swim cook clean wash paint sing dance sleep dream
    smile laugh cry fight protect improve reduce measure test discover prepare manage control handle
    discuss announce publish release launch introduce complete finish start enjoy prefer avoid prevent
    replace repair fix connect join collect store process describe define""")

ADJECTIVES = _words("""
    good new first last long great little own other old right big high different small large next early
    young important few public bad same able free real best better sure full local national social late
    hard major clear recent certain personal open red difficult available likely short single medical
    current wrong private past foreign fine common poor natural significant similar hot dead central happy
    serious ready simple left physical general environmental financial blue democratic dark various entire
    close legal religious cold final main green nice huge popular traditional cultural wide strong easy
    cheap expensive modern beautiful quiet fast slow heavy warm fresh clean safe deep rich special
    complete perfect famous official daily annual global digital online mobile automatic professional
    international european american british german french chinese""")

LITTLE = _words("""
    the of and to a in is it you that he was for on are with as I his they be at one have this from or had
    by but not what all were we when your can said there an each which she do how their if will up other
    about out many then them these so some her would like him into time has two more no could my than been
    who its now did get may over after also only where most through before because during between against
    without under while since until although however always never often sometimes usually already still
    again very too just even almost here today tomorrow yesterday soon later together perhaps maybe quite
    rather really""")
