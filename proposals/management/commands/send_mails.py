from django.core.management import BaseCommand

from proposals import emails
from proposals.models import Mail


class Command(BaseCommand):
    help = "Send the mails that are due, new ones and those to be tried again, for a timer. None is sent twice."

    def handle(self, *args, **options):
        due = list(Mail.objects.due().values_list("pk", flat=True))
        emails.deliver_due()
        left = Mail.objects.unsent().filter(pk__in=due).count()
        if due:
            self.stdout.write(f"Sent {len(due) - left} of {len(due)} mails.")
