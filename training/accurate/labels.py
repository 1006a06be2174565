"""What the heads of the accurate reader choose from: shape classes, lemma rules, feature bundles, BIO classes."""

# Case shape of a word. The encoder's vocabulary is lower case, so this is all it knows of capitals.
#   0 root (position 0 only)
#   1 digits only (every character is a decimal digit)
#   2 no letter at all (punctuation, "3.5", "$")
#   3 every letter lower case
#   4 two or more characters and every letter upper case ("NATO", "U.S.")
#   5 one character, upper case ("A")
#   6 first character upper case, every letter after it lower case ("Moscow")
#   7 anything else ("McDonald", "iPhone", "al-Ani")
SHAPES = ["root", "digits", "no_letter", "lower", "upper", "single_upper", "capitalized", "mixed"]


def shape(word):
    """The class of `word`, tested in the order of the list above."""
    if all(c.isdecimal() for c in word):
        return 1
    letters = [c for c in word if c.isalpha()]
    if not letters:
        return 2
    # A letter without case (as in Arabic) is neither: such a word is "mixed".
    if all(c.islower() for c in letters):
        return 3
    if all(c.isupper() for c in letters):
        return 4 if len(word) > 1 else 5
    if word[0].isupper() and all(c.islower() for c in letters[1:]) and word[0].isalpha():
        return 6
    return 7


UPOS = [
    "ADJ",
    "ADP",
    "ADV",
    "AUX",
    "CCONJ",
    "DET",
    "INTJ",
    "NOUN",
    "NUM",
    "PART",
    "PRON",
    "PROPN",
    "PUNCT",
    "SCONJ",
    "SYM",
    "VERB",
    "X",
]

# The features that extraction looks at; other features of the treebanks are left out of the bundles.
FEATURES = {"Definite", "Degree", "Mood", "Number", "Person", "Polarity", "Poss", "PronType", "Tense", "VerbForm", "Voice"}


def bundle(feats):
    """`feats` of a treebank with the features of `FEATURES` only, `_` where none is left."""
    kept = [pair for pair in feats.split("|") if pair.split("=")[0] in FEATURES]
    return "|".join(kept) or "_"


def plain(form):
    """What lemma rules are applied to: lower case, straight apostrophes."""
    return form.lower().replace("’", "'")


def lemma_rule(form, lemma):
    """The rule that makes `lemma` of `form`.

    `keep`: the form as it stands (proper names). `-K+S`: lower case, cut K characters (Unicode scalar values) off the end, append S.
    """
    if lemma == form and form != plain(form):
        return "keep"
    base, lemma = plain(form), lemma.replace("’", "'")
    if lemma != lemma.lower():
        return "keep"
    common = 0
    while common < min(len(base), len(lemma)) and base[common] == lemma[common]:
        common += 1
    return f"-{len(base) - common}+{lemma[common:]}"


def apply_lemma_rule(form, rule):
    """The lemma that `rule` makes of `form`; a rule that cuts more than there is leaves the lower-cased form."""
    if rule == "keep":
        return form
    cut, add = rule[1:].split("+", 1)
    base, cut = plain(form), int(cut)
    return base if cut > len(base) or (cut == len(base) and not add) else base[: len(base) - cut] + add


STAGES = [
    "proposed",
    "negotiating",
    "drafted",
    "initialled",
    "agreed",
    "signed",
    "submitted",
    "approved",
    "ratified",
    "in_force",
    "implemented",
    "extended",
    "amended",
    "suspended",
    "violated",
    "withdrawn",
    "terminated",
    "expired",
    "rejected",
]
MODALITIES = ["actual", "expected", "denied"]
CATEGORIES = [
    "mutual_defence",
    "military_presence",
    "force_integration",
    "border",
    "free_movement",
    "customs",
    "trade",
    "citizenship",
    "policing",
    "social",
    "foreign_policy",
    "recognition",
    "funding",
    "arms_control",
    "nuclear",
    "ceasefire",
    "withdrawal_of_forces",
    "prisoners",
    "energy",
    "water",
    "fisheries",
    "migration",
    "extradition",
    "environment",
    "culture",
    "other",
]


def bio(kinds):
    return ["O"] + [f"{p}-{k}" for k in kinds for p in "BI"]


# Heads that choose one class for each word, in the order of the model's outputs.
WORD_HEADS = {
    "upos": UPOS,
    "feats": None,  # from the treebanks
    "lemma": None,  # from the treebanks
    "names": bio(["PER", "ORG", "LOC"]),
    "title": bio(["TITLE"]),
    "agreement": bio(["AGREEMENT"]),
    "party": bio(["PARTY"]),
    "stage": bio(STAGES),
    "modality": ["O", *MODALITIES],
    "commitment": bio(CATEGORIES),
    "source": bio(["SOURCE"]),
    "cue": bio(["CUE"]),
    "content": bio(["CONTENT"]),
}
SYNTAX_HEADS = ["upos", "feats", "lemma"]
NAME_HEADS = ["names", "title"]
SPEECH_HEADS = ["source", "cue", "content"]
# Classes that are learned, so that what belongs to them is taken for nothing else, and that count as O in the exported model: names of
# works, events, vehicles, peoples.
HIDDEN = {"names": ["B-OTHER", "I-OTHER"]}
MARK_HEADS = [h for h in WORD_HEADS if h not in SYNTAX_HEADS]

# Heads of the second look (`focus.py`) and what they choose from; those with one class say how much.
FOCUS_HEADS = {
    "stage": ["O", *STAGES],
    "modality": MODALITIES,
    "commitment": ["O", *CATEGORIES],
    "party": ["PARTY"],
    "about": ["ABOUT"],
    "agreement": ["AGREEMENT"],
}

# Heads whose scores are the sum of a BIO score and a score of the kind, so that rare kinds share what is known of spans.
FACTORED = ["names", "stage", "commitment"]


def put(labels, start, end, kind):
    """Writes the span `start..end` of `kind` into the BIO `labels`."""
    for at in range(start, end):
        labels[at] = ("B-" if at == start else "I-") + kind


def spans(labels):
    """The spans (start, end, kind) of BIO `labels`; an I without its B begins a span."""
    found, start, kind = [], None, None
    for at, label in enumerate(list(labels) + ["O"]):
        if start is not None and label != "I-" + kind:
            found.append((start, at, kind))
            start = None
        if label != "O" and start is None:
            start, kind = at, label[2:]
    return found
