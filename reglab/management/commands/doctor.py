from django.core.management import BaseCommand, CommandError

from reglab.operations.checks import examine


class Command(BaseCommand):
    help = "Say what is wrong with how the site is set up, and what to do. Exit status 1 when anything is."
    requires_system_checks = []  # it tells of them itself, in its own words

    def handle(self, *args, **options):
        findings = examine()
        for finding in findings:
            self.stdout.write(f"{'WRONG' if finding.is_fault else 'Advice'}: {finding.what}\n    {finding.remedy}")
        faults = sum(finding.is_fault for finding in findings)
        if faults:
            raise CommandError(f"{faults} thing{'s are' if faults > 1 else ' is'} wrong.")
        self.stdout.write("Nothing is wrong.")
