from django.core.management import BaseCommand

from proposals import emails
from proposals.models import Mail


class Command(BaseCommand):
    help = "Send the mails that failed, for a timer to run now and then. None is sent twice."

    def handle(self, *args, **options):
        waiting = list(Mail.objects.waiting().order_by("pk"))
        emails.deliver(waiting)
        left = Mail.objects.waiting().filter(pk__in=[mail.pk for mail in waiting]).count()
        if waiting:
            self.stdout.write(f"Sent {len(waiting) - left} of {len(waiting)} mails.")
