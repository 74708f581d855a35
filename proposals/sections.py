"""The text sections of a proposal, each declared once.

The model's fields, the forms, the admin, pages, mails, history, statistics, the search, the booklet in all its formats
and importing read them from here.
"""

from dataclasses import dataclass

CONTENT, TARGET_GROUP = "content", "target group"  # the parts of the forms in which sections stand


@dataclass(frozen=True)
class Section:
    """A text section. `name` is its field of Proposal."""

    name: str
    verbose_name: str  # of the field: in the admin, the history and the columns of tables
    heading: str  # on pages, in mails and in the booklet
    label: str  # in the form, with its help text and the rows of its text area
    help_text: str
    rows: int
    heading_words: str  # any of which makes a line in a document the heading of this section
    # Other headings that people write, to recognize them misspelt; a heading of `heading_words` alone is one already
    usual_headings: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()  # in documents that ask instead, in small letters without the mark
    is_optional: bool = True
    part: str = CONTENT
    search_part: str = "body"  # by whose weight it is found, see search.text.PART_WEIGHTS
    is_untitled_in_booklet: bool = False

    @property
    def column(self):
        """Its heading in tables."""
        return self.verbose_name[0].upper() + self.verbose_name[1:]


SECTIONS = (
    Section(
        name="background",
        verbose_name="bakgrund",
        heading="Bakgrund",
        label="Bakgrund",
        help_text="Vad är problemet eller möjligheten, och varför just nu?",
        rows=6,
        heading_words="bakgrund bakgrunden beskrivning problembeskrivning bakgrundsbeskrivning nuläge "
        "nulägesbeskrivning inledning",
        usual_headings=("bakgrund",),
        questions=(
            *(
                "vad är problemet",
                "vad är bakgrunden",
                "vad är utmaningen",
                "varför behövs det",
                "varför behövs det här",
            ),
            *("varför behövs projektet", "varför just nu", "varför nu", "vad handlar det om", "hur ser det ut i dag"),
        ),
        is_optional=False,
        is_untitled_in_booklet=True,
    ),
    Section(
        name="purpose",
        verbose_name="syfte och mål",
        heading="Syfte och mål",
        label="Syfte och mål",
        help_text="Vad ska deltagarna kunna, eller vad ska finnas på plats, när lärprojektet är klart?",
        rows=6,
        heading_words="syfte syftet syften mål målet målen målsättning målsättningar ändamål ändamålet",
        usual_headings=("syfte och mål", "mål och syfte", "syfte", "syfte och övergripande mål", "idé, syfte och mål"),
        questions=(
            *("varför", "vad vill vi göra", "vad vill vi", "vad vill ni göra", "vad vill vi uppnå", "vad ska vi göra"),
            *("vad är syftet", "vad är målet", "vad är syfte och mål", "vad vill vi lära oss", "vad ska göras"),
        ),
        is_optional=False,
    ),
    Section(
        name="expected_result",
        verbose_name="förväntat resultat",
        heading="Förväntat resultat",
        label="Förväntat resultat",
        help_text="Till exempel ett underlag, en metod eller en rapport.",
        rows=4,
        heading_words="resultat resultatet effekt effekter utfall leverans leveranser",
        usual_headings=("förväntat resultat", "förväntade resultat"),
        questions=(
            *("vad ska det leda till", "vad leder det till", "vad blir resultatet", "vad ska bli resultatet"),
            *("vilka resultat förväntas", "vad förväntas det leda till", "vad hoppas vi på", "vilken nytta ger det"),
        ),
    ),
    Section(
        name="target_group_text",
        verbose_name="målgruppen med egna ord",
        heading="Målgrupp",
        label="Beskriv målgruppen med egna ord",
        help_text="Till exempel ”chefer och strateger som arbetar med kollektivtrafik”.",
        rows=2,
        heading_words="målgrupp målgrupper målgruppen deltagare",
        usual_headings=("målgrupp", "målgrupper"),
        questions=(
            *("för vem", "för vilka", "vem berörs", "vilka berörs", "vilka är det till för", "vem är det till för"),
            *(
                "vilka ska delta",
                "vem är målgruppen",
                "vilken är målgruppen",
                "vilka är målgruppen",
                "vem riktar det sig till",
            ),
        ),
        part=TARGET_GROUP,
        search_part="target_group",
    ),
)
NAMES = tuple(section.name for section in SECTIONS)
# What a reader meets first; a proposal needs one of them
LEADS = ("background", "purpose")


def names_in(part):
    """The fields of the sections that stand in that part of the forms."""
    return [section.name for section in SECTIONS if section.part == part]
