"""Text as the search sees it: words without accents, in one spelling, and without endings.

The classification is written in American English; clinicians elsewhere write "oedema" and
"tumour". Both become the same stem, by rules and not by a list of words. Nothing here knows of
the codes.
"""

from __future__ import annotations

import functools
import re
import unicodedata

_SPLIT = re.compile(r"(?<=[a-z])-(?=[a-z])|(?<=[0-9])-(?=[a-z])|(?<=[a-z])-(?=[0-9])")
# British spellings, as endings and beginnings of words: the American form of what was found.
_BRITISH = tuple(
    (re.compile(pattern), american)
    for pattern, american in (
        (r"haem", "hem"),
        (r"aem(?=i[ac])", "em"),
        (r"oedem", "edem"),
        (r"oesoph", "esoph"),
        (r"oestr", "estr"),
        (r"paed(?=i|o)", "ped"),
        (r"aetio", "etio"),
        (r"orthopaed", "orthoped"),
        (r"gynaec", "gynec"),
        (r"caec(?=u|a|o)", "cec"),
        (r"anaes", "anes"),
        (r"faec", "fec"),
        (r"^caes", "ces"),
        (r"foet", "fet"),
        (r"coeliac", "celiac"),
        (r"diarrhoe", "diarrhe"),
        (r"rrhoe", "rrhe"),
        (r"dyspnoe", "dyspne"),
        (r"pnoe", "pne"),
        (r"leukaem|leucaem", "leukem"),
        (r"^leuco", "leuko"),
        (r"ischaem", "ischem"),
        (r"uraem", "urem"),
        (r"glycaem", "glycem"),
        (r"tumour", "tumor"),
        (r"colour", "color"),
        (r"behaviour", "behavior"),
        (r"labour", "labor"),
        (r"odour", "odor"),
        (r"humour", "humor"),
        (r"fibre", "fiber"),
        (r"centre", "center"),
        (r"litre", "liter"),
        (r"mould", "mold"),
        (r"sulph", "sulf"),
        (r"^manoeuvr", "maneuver"),
        (r"coelom", "celom"),
        (r"homoeo", "homeo"),
        (r"lys(?=e[ds]?$|ing$)", "lyz"),
        (r"(?<=[a-z]{4})is(?=ation|ed$|ing$)", "iz"),
        (r"(?<=[a-z]{2})lled$", "led"),
        (r"(?<=[a-z]{2})lling$", "ling"),
        (r"^tyre", "tire"),
        (r"^judgement", "judgment"),
        (r"defence$", "defense"),
        (r"licence$", "license"),
        (r"grey", "gray"),
        (r"plough", "plow"),
        (r"ageing", "aging"),
        (r"artefact", "artifact"),
        (r"amoeb", "ameb"),
        (r"naev", "nev"),
        (r"aesthe", "esthe"),
        (r"phaeo", "pheo"),
        (r"goitre", "goiter"),
        (r"titre", "titer"),
        (r"calibre", "caliber"),
        (r"lachrym|lacrym", "lacrim"),
        (r"hiccough", "hiccup"),
        (r"neurone", "neuron"),
        (r"aluminium", "aluminum"),
        (r"^nappy", "diaper"),
        (r"paracetamol", "acetaminophen"),
        (r"^adrenaline", "epinephrine"),
        (r"disc(?=s?$)", "disk"),
    )
)
# One look that spares most words the rules above.
_MAY_BE_BRITISH = re.compile("|".join(pattern.pattern for pattern, _ in _BRITISH))
STOP = frozenset(
    [
        "a",
        "an",
        "and",
        "as",
        "at",
        "be",
        "by",
        "for",
        "from",
        "in",
        "into",
        "is",
        "it",
        "its",
        "of",
        "on",
        "or",
        "the",
        "this",
        "to",
        "that",
        "was",
        "were",
        "due",
        "which",
        "when",
        "where",
        "unto",
        "via",
        "per",
        "my",
        "me",
        "i",
        "has",
        "have",
        "had",
        "been",
        "are",
        "pt",
        "patient",
        "patients",
        "c",
    ]
)
_ENDINGS = (
    ("iveness", "iv"),
    ("fulness", "ful"),
    ("ization", "iz"),
    ("ational", "at"),
    ("ically", "ic"),
    ("ation", "at"),
    ("ities", "iti"),
    ("ness", ""),
    ("ment", "ment"),
    ("ings", ""),
    ("edly", ""),
    ("ies", "y"),
    ("ied", "y"),
    ("sses", "ss"),
    ("ing", ""),
    ("eed", "eed"),
    ("ed", ""),
    ("ly", ""),
    ("es", "e"),
    ("s", ""),
)
_KEEP_S = ("ss", "us", "is", "itis", "osis")


def fold(text: str) -> str:
    """Lower case, without accents and typographic marks.

    >>> fold("Ménière’s Disease")
    "meniere's disease"
    """
    if not text.isascii():
        text = text.replace("’", "'").replace("‘", "'").replace("–", "-").replace("×", "x")
        text = unicodedata.normalize("NFKD", text)
        text = "".join(c for c in text if not unicodedata.combining(c))
    return text.lower()


def words(text: str) -> list[str]:
    """The words of a text as they stand, folded; short slashed forms stay whole.

    >>> words("Crohn's disease w/o complication, left-sided")
    ["crohn's", 'disease', 'w/o', 'complication', 'left', 'sided']
    >>> words("type II, 2nd stage")
    ['type', '2', 'second', 'stage']
    """
    folded = _SPLIT.sub(" ", fold(text))
    found = _TOKEN.findall(folded)
    if _MAY_BE_NUMBER.isdisjoint(found):
        return found
    return [_number(word, found[place - 1] if place else "") for place, word in enumerate(found)]


def _number(word: str, before: str) -> str:
    """A roman numeral or an ordinal as the classification may write it, else the word.

    "A" is a word without meaning, but not in "hepatitis A".
    """
    if word in _SMALL:
        return f"letter{word}" if before in _LETTERED else word
    if word in _LETTERS and before not in _NUMBERED:
        return word
    return _NUMBERS.get(word, word)


# "Type II" is type 2; a single letter is a number after these words only.
_NUMBERS = {
    "i": "1",
    "ii": "2",
    "iii": "3",
    "iv": "4",
    "v": "5",
    "vi": "6",
    "vii": "7",
    "viii": "8",
    "ix": "9",
    "x": "10",
    "xi": "11",
    "xii": "12",
    "1st": "first",
    "2nd": "second",
    "3rd": "third",
    "4th": "fourth",
}
_MAY_BE_NUMBER = frozenset((*_NUMBERS, "a", "c"))
_SMALL = frozenset("ac")
_LETTERED = frozenset(
    ("hepatitis", "vitamin", "influenza", "group", "type", "hemophilia", "haemophilia", "hep")
)
_LETTERS = frozenset("ivx")
_NUMBERED = frozenset(("type", "types", "stage", "grade", "class", "group", "factor", "bipolar"))
_MODIFIER = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_TOKEN = re.compile(r"(?<![a-z0-9])[a-z]{1,2}/[a-z]{1,2}(?![a-z0-9/])|[a-z0-9]+(?:'[a-z]+)?")


@functools.lru_cache(maxsize=1 << 17)
def stem(word: str) -> str:
    """A word in American spelling and without its ending.

    >>> stem("haemorrhages"), stem("hemorrhaging"), stem("fractured"), stem("oedema")
    ('hemorrhag', 'hemorrhag', 'fractur', 'edema')
    >>> stem("diagnosis"), stem("nodes"), stem("Crohn's".lower())
    ('diagnosis', 'node', 'crohn')
    """
    word = word.removesuffix("'s").replace("'", "")
    if word.isdigit() or len(word) < 4:
        return word
    if _MAY_BE_BRITISH.search(word):
        for pattern, american in _BRITISH:
            word = pattern.sub(american, word)
    for ending, kept in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            if ending == "s" and word.endswith(_KEEP_S):
                break
            if ending == "es" and word.endswith(("ses", "xes", "zes", "ches", "shes")):
                word = word[:-2]
                break
            stemmed = word[: -len(ending)] + kept
            if not re.search(r"[aeiouy]", stemmed):
                break
            if ending in {"ing", "ed", "ings", "edly"} and stemmed[-1:] == stemmed[-2:-1]:
                stemmed = stemmed if stemmed.endswith(("ll", "ss", "zz")) else stemmed[:-1]
            word = stemmed
            break
    return word[:-1] if word.endswith("e") and len(word) > 4 else word


def shown(word: str) -> str:
    """A word of :func:`words` as people write it."""
    return word.removeprefix("letter")


def stems(text: str) -> list[str]:
    """The stems of a text in order, without words that carry no meaning here.

    >>> stems("Fracture of the lower end of radius")
    ['fractur', 'lower', 'end', 'radius']
    """
    return [stem(word) for word in words(text) if word not in STOP]


def split_modifiers(title: str) -> tuple[str, str]:
    """A printed title as its essential words and its non-essential modifiers.

    >>> split_modifiers("Abscess (embolic) (infective) - kidney")
    ('Abscess - kidney', 'embolic infective')
    """
    optional: list[str] = []
    essential = title
    while True:
        found = _MODIFIER.findall(essential)
        if not found:
            break
        optional += (part[1:-1] for part in found)
        essential = _MODIFIER.sub(" ", essential)
    return " ".join(essential.split()), " ".join(" ".join(optional).split())
