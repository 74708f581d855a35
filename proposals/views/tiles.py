"""The map of Sweden as tiles: where each region's tile is, from north to south, and how it is shaded."""

from dataclasses import dataclass

from proposals.models.region import NO_REGION

# SCB county code → the tile's name with soft hyphens, and the column in which its row begins where that isn't the next
PLACES = {
    "25": ("Norr\xadbotten", "k3"),
    "24": ("Väster\xadbotten", "k3"),
    "23": ("Jämtland Härje\xaddalen", "k2"),
    "22": ("Väster\xadnorrland", ""),
    "20": ("Dalarna", "k2"),
    "21": ("Gävle\xadborg", ""),
    "17": ("Värmland", "k1"),
    "18": ("Örebro län", ""),
    "19": ("Västman\xadland", ""),
    "03": ("Uppsala", ""),
    "14": ("Västra Götaland", ""),
    "05": ("Öster\xadgötland", ""),
    "04": ("Sörmland", ""),
    "01": ("Stockholm", ""),
    "13": ("Halland", ""),
    "06": ("Jönköpings län", ""),
    "08": ("Kalmar län", ""),
    "09": ("Gotland", ""),
    "12": ("Skåne", ""),
    "07": ("Kronoberg", ""),
    "10": ("Blekinge", ""),
}
DARKEST = 4


@dataclass(frozen=True)
class Tile:
    """A link that filters the list by one sender; `shade` goes from 0, no proposals, to DARKEST."""

    name: str
    address: str
    count: int
    is_chosen: bool
    column: str = ""

    @property
    def shade(self):
        return min(self.count, DARKEST)


def region_tiles(found):
    """A tile for each of the 21 regions that is in the register, in the order of the map."""
    by_code = {choice.region.county_code: choice for choice in found.region_choices if choice.region}
    return [_tile(found, by_code[code], name, column) for code, (name, column) in PLACES.items() if code in by_code]


def other_tiles(found):
    """A tile for each agency with proposals, and one for the proposals that name no sender."""
    on_map = {choice for choice in found.region_choices if choice.region and choice.region.county_code in PLACES}
    others = [choice for choice in found.region_choices if choice not in on_map and (choice.count or choice.is_chosen)]
    names = {NO_REGION: "Avsändare ej angiven"}
    return [_tile(found, choice, names.get(choice.slug, choice.name)) for choice in others]


def _tile(found, choice, name, column=""):
    """Choosing a tile chooses it alone; choosing a chosen one takes the choice away."""
    chosen_alone = None if choice.is_chosen else [choice.slug]
    return Tile(name, found.address(region=chosen_alone), choice.count, choice.is_chosen, column)
