"""The map of who has sent in: a tile for each region, the agencies below."""

from dataclasses import dataclass

from proposals.public.region_map import PLACES


@dataclass(frozen=True)
class MemberTile:
    """`state` is "in", "draft" or "out"; `is_reminded` matters only for the last."""

    member: object
    name: str
    state: str
    is_reminded: bool = False
    column: str = ""


@dataclass(frozen=True)
class MemberMap:
    tiles: list
    others: list

    @property
    def count(self):
        return len(self.tiles) + len(self.others)

    @property
    def sent_in(self):
        return sum(tile.state == "in" for tile in [*self.tiles, *self.others])


def member_map(desk):
    drafting = {proposal.region_id for proposal in desk.drafts}
    by_code = {member.region.county_code: member for member in desk.members}
    placed = [(by_code[code], place) for code, place in PLACES.items() if code in by_code]
    others = [member for member in desk.members if member.region.county_code not in PLACES]
    return MemberMap(
        [_tile(member, drafting, *place) for member, place in placed],
        [_tile(member, drafting, member.region.name) for member in others],
    )


def _tile(member, drafting, name, column=""):
    state = "in" if member.count else "draft" if member.region.pk in drafting else "out"
    return MemberTile(member, name, state, bool(member.reminded), column)
