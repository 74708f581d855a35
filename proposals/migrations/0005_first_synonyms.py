from django.db import migrations

EXPRESSIONS = [
    "AI, artificiell intelligens",
    "ERUF, Europeiska regionala utvecklingsfonden",
    "ESF, Europeiska socialfonden",
    "EU, Europeiska unionen",
    "KKB, kulturella och kreativa branscher",
    "RUS, regional utvecklingsstrategi",
    "S3, smart specialisering",
    "VGR, Västra Götalandsregionen",
    "ÖP, översiktsplan",
]


def add_synonyms(apps, schema_editor):
    """To start with; they are the secretariat's from now on."""
    synonym = apps.get_model("proposals", "Synonym")
    for expressions in EXPRESSIONS:
        synonym.objects.get_or_create(expressions=expressions)


class Migration(migrations.Migration):
    dependencies = [("proposals", "0004_search")]

    operations = [migrations.RunPython(add_synonyms, migrations.RunPython.noop)]
