from django.db import models


class Status(models.TextChoices):
    DRAFT = "draft", "utkast"
    SUBMITTED = "submitted", "inskickat"
    RETURNED = "returned", "komplettering"
    PUBLISHED = "published", "publicerat"
    WITHDRAWN = "withdrawn", "återtaget"

    @classmethod
    def sent_in(cls):
        """Those that count as the sender's answer to the call."""
        return [cls.SUBMITTED, cls.RETURNED, cls.PUBLISHED]


class StatusSteps:
    """What a proposal's status means, and what may follow on it."""

    OPEN = (Status.DRAFT, Status.SUBMITTED, Status.RETURNED)

    # What may follow on each status. `proposals.workflow` is the only place that takes a step.
    STEPS = {
        Status.DRAFT: {Status.SUBMITTED, Status.WITHDRAWN},
        Status.SUBMITTED: {Status.RETURNED, Status.PUBLISHED, Status.WITHDRAWN},
        Status.RETURNED: {Status.SUBMITTED, Status.WITHDRAWN},
        Status.PUBLISHED: {Status.WITHDRAWN},
        # Back to what it was, see `may_become`
        Status.WITHDRAWN: {Status.DRAFT, Status.SUBMITTED, Status.RETURNED, Status.PUBLISHED},
    }

    @property
    def is_published(self):
        return self.status == Status.PUBLISHED

    @property
    def is_draft(self):
        return self.status == Status.DRAFT

    @property
    def is_submitted(self):
        return self.status == Status.SUBMITTED

    @property
    def is_returned(self):
        return self.status == Status.RETURNED

    @property
    def is_withdrawn(self):
        return self.status == Status.WITHDRAWN

    @property
    def before_withdrawal(self):
        """The status to restore; old withdrawals didn't record it, but a number tells."""
        return Status(self.withdrawn_from or (Status.PUBLISHED if self.number else Status.SUBMITTED))

    def may_become(self, status):
        if self.status == Status.WITHDRAWN:
            return status == self.before_withdrawal
        return status in self.STEPS[self.status]
