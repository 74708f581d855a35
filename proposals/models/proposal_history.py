from simple_history.models import HistoricalRecords


class ProposalHistory(HistoricalRecords):
    """History with one row for each change as people see it; see `Proposal.one_snapshot`."""

    def contribute_to_class(self, cls, name):
        super().contribute_to_class(cls, name)
        cls._write_history_row = self.create_historical_record

    def m2m_changed(self, *args, **kwargs):
        """No row of its own for the target groups: they are in the row of the proposal."""
