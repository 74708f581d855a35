"""Swedish alphabetical order as a database expression: … z å ä ö, and the same order on every database."""

from django.db.models import CharField, Func

# To the signs that follow z in ASCII. Both cases, because LOWER() leaves Å Ä Ö alone on SQLite.
_PLACES = {"Å": "{", "å": "{", "Ä": "|", "ä": "|", "Ö": "}", "ö": "}", "É": "e", "é": "e"}


class Alphabetical(Func):
    """An expression to order by: the text of one field, compared the Swedish way and regardless of case."""

    arity = 1
    output_field = CharField()
    template = (
        "LOWER("
        + "REPLACE(" * len(_PLACES)
        + "%(expressions)s"
        + "".join(f", '{letter}', '{sign}')" for letter, sign in _PLACES.items())
        + ")"
    )

    def as_postgresql(self, compiler, connection, **context):
        """Compare by code point, as SQLite does, and not by the database's locale."""
        return self.as_sql(compiler, connection, template=f'({self.template}) COLLATE "C"', **context)
