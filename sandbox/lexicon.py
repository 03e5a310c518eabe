"""The words that the sandbox scorer knows. Weights run from -3 (awful) to 3 (superb); all lists are our own."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _weighted(table: dict[float, str]) -> dict[str, float]:
    return {word: weight for weight, words in table.items() for word in words.split()}


SENTIMENT: dict[str, float] = _weighted(
    {
        3.0: "masterpiece superb phenomenal flawless sublime magnificent breathtaking perfect outstanding "
        "extraordinary unforgettable triumph obra-maestra",
        2.2: "brilliant amazing excellent wonderful fantastic gripping stunning love loved loves adore adored "
        "incredible "
        "terrific hilarious riveting dazzling thrilling mesmerising mesmerizing delightful powerful awesome "
        "best encantó "
        "exceptional marvellous marvelous glorious spectacular enthralling excelente genial",
        1.4: "great good beautiful beautifully charming clever moving touching fun funny enjoyed enjoy "
        "enjoyable engaging "
        "smart witty sharp warm fresh compelling impressive strong tender elegant inventive exciting sweet likeable "
        "likable absorbing satisfying recommend recommended heartfelt rich gem delight entertaining memorable "
        "cosy cozy "
        "lovely captivating joyful joy refreshing assured bold honest subtle stylish poignant uplifting worth buena",
        0.7: "nice decent solid fine okay pleasant watchable interesting neat competent faithful liked like "
        "amusing works "
        "admirable promising agreeable better",
        -0.7: "uneven slight thin patchy forgettable average mediocre predictable slow long overlong flat meh so-so "
        "familiar generic formulaic minor less confusing confused messy muddled rushed unremarkable",
        -1.4: "bad boring dull weak disappointing disappointed disappointment poor tedious bland clumsy lazy "
        "cheap shallow "
        "annoying silly stale lifeless hollow weary tired tiresome pointless fails failed failure lacking "
        "lacks dispiriting contrived stilted wooden dreary plodding cringe overrated regret skip wasted "
        "derivative sloppy "
        "unfunny charmless empty mess aburrida mala",
        -2.2: "terrible awful horrible hate hated hates dreadful unwatchable painful ugly insulting "
        "embarrassing ridiculous "
        "trash garbage rubbish crap stupid worst atrocious abysmal disaster excruciating incoherent waste ludicrous "
        "miserable laughable horrendo",
        -3.0: "abomination disgrace vile irredeemable disgusting unbearable worthless",
    }
)
NEGATIONS = _words(
    "not no never isn't wasn't don't didn't doesn't can't cannot hardly barely nothing without aren't won't wouldn't "
    "couldn't neither nor isnt wasnt dont didnt doesnt"
)
INTENSIFIERS: dict[str, float] = {
    word: factor
    for factor, words in {
        1.4: "very really so truly absolutely utterly completely totally incredibly extremely deeply wildly simply",
        0.6: "somewhat fairly rather slightly mildly kinda quite pretty almost",
    }.items()
    for word in words.split()
}

# A concept of mood: the names by which a schema may call it, then the words that point to it.
VIBES: list[tuple[str, str]] = [
    ("funny|hilarious|comic|humorous|witty|laugh out loud", "funny hilarious laugh laughs laughed laughing "
     "witty jokes joke "
     "comic gags unfunny"),
    ("tense|suspenseful|gripping|edge of your seat|nail biting|thrilling|suspense", "tense gripping suspense "
     "suspenseful "
     "riveting thrilling tension nerves breathless nail-biting twist twists"),
    ("scary|creepy|terrifying|frightening|chilling|spooky|eerie", "scary creepy terrifying frightening chilling eerie "
     "haunting nightmare nightmares scares dread jump"),
    ("dark|bleak|grim|disturbing|gritty", "dark bleak grim disturbing gritty brutal harrowing unsettling sombre "
     "despair"),
    ("heartwarming|feel good|uplifting|wholesome|warm|cosy|cozy|comforting|hopeful", "heartwarming uplifting "
     "warm wholesome "
     "cosy cozy tender hope hopeful smile smiling heartfelt comfort feel-good kind joyful"),
    ("emotional|moving|sad|tearjerker|tear jerker|touching|poignant|melancholic|bittersweet|heartbreaking",
     "moving touching "
     "tears cried cry crying sad poignant heartbreaking melancholy emotional grief bittersweet"),
    ("romantic|romance|sexy|steamy", "romantic romance chemistry love-story kiss passion passionate swoon"),
    ("action packed|explosive|adrenaline|fast paced|exciting|high octane|energetic", "action fights fight explosive "
     "explosions stunts chase chases adrenaline fast-paced exciting relentless battle battles"),
    ("visually stunning|beautiful|gorgeous|stylish|visual|cinematic|lavish", "stunning visuals visual gorgeous "
     "beautiful "
     "beautifully stylish cinematography photography dazzling breathtaking images lavish shot"),
    ("thought provoking|cerebral|smart|intelligent|clever|philosophical|mind bending|complex",
     "thought-provoking smart "
     "clever ideas questions philosophical cerebral complex mind-bending intelligent thinking puzzle"),
    ("slow burn|slow|meditative|quiet|contemplative", "slow quiet patient meditative slow-burn unhurried stillness "
     "contemplative overlong"),
    ("epic|grand|sweeping|spectacle|spectacular", "epic grand sweeping spectacle spectacular scale vast spectacular"),
    ("quirky|offbeat|weird|strange|surreal|whimsical|absurd", "quirky weird strange offbeat whimsical surreal "
     "odd absurd "
     "oddball bizarre"),
    ("nostalgic|nostalgia|retro", "nostalgic nostalgia childhood retro throwback memories eighties"),
    ("violent|gory|bloody", "violent gory bloody blood violence gore brutal"),
    ("family friendly|family|kid friendly|fun for all ages", "family kids children kid"),
    ("inspiring|inspirational|empowering", "inspiring inspirational courage triumph empowering underdog"),
    ("magical|enchanting|dreamlike|dreamy", "magical enchanting magic dreamlike spell wonder dreamy"),
    ("boring|dull|tedious|disappointing|predictable|formulaic", "boring dull tedious disappointing predictable "
     "formulaic "
     "generic bland flat"),
    ("well acted|great acting|great performances|performances", "acting performance performances cast actor actress"),
    ("fun|entertaining|crowd pleaser|popcorn|lighthearted|light hearted", "fun entertaining enjoyable popcorn "
     "blast romp"),
    ("satirical|satire|sharp|ironic", "satire satirical biting irony sharp"),
    ("mysterious|mystery|enigmatic|twisty", "mystery mysterious clue clues puzzle twist twists riddle secret secrets"),
    ("atmospheric|moody", "atmosphere moody mood"),
    ("bingeable|addictive", "binge binged addictive"),
    ("original|fresh|inventive", "fresh inventive unlike"),
    ("confusing", "confused muddled incoherent"),
    ("overlong", "drags overlong endless"),
    ("gory|bloody", "blood gore bloody"),
    ("educational|informative", "learned taught informative facts"),
    ("musical|great soundtrack|great music|soundtrack", "music song songs soundtrack score singing concert"),
]  # fmt: skip

GENRES: dict[str, str] = {
    "Action": "action fight fights chase chases stunts mission soldier assassin explosive heist mercenary agent bomb",
    "Adventure": "adventure quest journey expedition treasure voyage island explorer jungle map",
    "Animation": "animated animation cartoon pixar hand-drawn drawn",
    "Comedy": "comedy funny hilarious laugh laughs jokes gags prank awkward misfits farce",
    "Crime": "crime detective gangster heist murder police mafia cartel robbery thief killer cop case",
    "Documentary": "documentary archive footage interviews witnesses chronicle",
    "Drama": "drama family grief moving marriage struggles tender estranged secrets debts",
    "Family": "family kids children parents puppy holiday",
    "Fantasy": "fantasy magic magical dragon wizard witch kingdom sorcerer spell curse prophecy enchanted",
    "History": "history historical empire century dynasty treaty royal court revolution",
    "Horror": "horror scary haunted ghost demon terrifying creepy nightmare monster possessed scares ritual",
    "Music": "music song songs singer band concert musician stage album soundtrack",
    "Mystery": "mystery clue clues disappearance vanished puzzle secret riddle missing suspects",
    "Romance": "romance romantic love lovers kiss wedding chemistry heart affair",
    "Science Fiction": "space future robot alien planet spaceship android time-travel galaxy colony signal "
    "experiment orbit",
    "Thriller": "thriller tense suspense conspiracy hostage blackmail stalker gripping twist deadline hunted",
    "War": "war soldiers battle army trenches platoon front regiment siege occupied",
    "Western": "western cowboy sheriff ranch outlaw frontier saloon posse",
    "Reality": "contestants competition host challenge judges reality",
    "Kids": "kids children puppet playful lesson",
    "Soap": "scandal inheritance affair rivals clan",
    "Talk": "talk guests interview late-night host",
    "Politics": "president election senate minister politics parliament treaty",
    "News": "news anchor headlines report",
}
# TMDb's merged genres of TV count the words of both.
GENRES |= {
    "Action & Adventure": f"{GENRES['Action']} {GENRES['Adventure']}",
    "Sci-Fi & Fantasy": f"{GENRES['Science Fiction']} {GENRES['Fantasy']}",
    "War & Politics": f"{GENRES['War']} {GENRES['Politics']}",
}
GENRE_WORDS: dict[str, frozenset[str]] = {name: _words(words) for name, words in GENRES.items()}

SPAM_MARKS = (
    "buy now", "click here", "click the link", "giveaway", "free followers", "follow me", "promo code",
     "discount", "crypto",
    "casino", "win a free", "cheap tickets", "subscribe to my", "work from home", "limited offer", "dm me",
     "earn money",
)  # fmt: skip
SPOILER_MARKS = (
    "spoiler", "dies at the end", "dies in the end", "the killer is", "the killer turns out", "in the final scene",
    "twist is that", "turns out he was", "turns out she was", "it was all a dream",
)  # fmt: skip
SCREEN_WORDS = _words(
    "film films movie movies show series season episode episodes watch watched watching rated rewatch cinema "
    "screening scene "
    "director actor actress plot cast sequel trailer stream streaming binge binged finale imdb peli vi"
)
