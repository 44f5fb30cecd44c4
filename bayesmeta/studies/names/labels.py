"""What other programs and people call the column of study labels."""

from collections.abc import Mapping

STRONG: Mapping[str, str] = dict.fromkeys(
    (
        "studlab", "studyname", "studynames", "studylabel", "studylabels", "metastudylabel",
        "studie", "studien", "etude", "etudes", "estudio", "estudios",
    ),
    "study",
) | {"metastudysize": "n"}  # fmt: skip
WEAK: Mapping[str, str] = {}

LIKELY = (
    "author", "authors", "firstauthor", "authoryear", "studyauthor", "trial", "trialname",
    "labels", "label", "studies", "paper", "publication", "article", "reference", "citation",
    "name", "studyid", "source", "autor", "autoren", "erstautor", "auteur", "auteurs",
    "premierauteur", "autore", "autori", "autores", "publikation", "trialid", "studynumber",
)  # fmt: skip
"""Names of columns that hold studies' names where no column is called so, likeliest first."""

YEARS = ("year", "pubyear", "publicationyear", "yearofpublication", "studyyear", "yr", "date",
         "jahr", "publikationsjahr", "annee", "anneedepublication", "ano", "anno")  # fmt: skip
"""Names of columns that hold the year of a publication."""
