"""The map of the regions as tiles, each a link that filters the list by that region."""

from dataclasses import dataclass

from proposals.models.region import NO_REGION

# From north to south: SCB county code → the tile's name with soft hyphens, and the CSS class of the column in which its
# row begins
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
NAMES = {NO_REGION: "Avsändare ej angiven"}
DARKEST = 4


@dataclass(frozen=True)
class Tile:
    """`shade` goes from 0, no proposals, to DARKEST."""

    name: str
    address: str
    count: int
    is_chosen: bool
    column: str = ""

    @property
    def leads_on(self):
        """Whether it is a link: one to an empty list would only be in the way of the keyboard."""
        return bool(self.count or self.is_chosen)

    @property
    def shade(self):
        return min(self.count, DARKEST)


@dataclass(frozen=True)
class RegionMap:
    tiles: tuple
    others: tuple


def region_map(found, facets):
    by_code = {choice.region.county_code: choice for choice in facets.regions if choice.region}
    placed = [(by_code[code], place) for code, place in PLACES.items() if code in by_code]
    others = [choice for choice in facets.regions if not choice.region or choice.region.county_code not in PLACES]
    return RegionMap(
        tiles=tuple(_tile(found, choice, *place) for choice, place in placed),
        others=tuple(_tile(found, choice) for choice in others if choice.count or choice.is_chosen),
    )


def _tile(found, choice, name="", column=""):
    """Choosing a tile chooses it alone; choosing a chosen one takes the choice away."""
    chosen_alone = None if choice.is_chosen else [choice.slug]
    name = name or NAMES.get(choice.slug, choice.name)
    return Tile(name, found.address(region=chosen_alone), choice.count, choice.is_chosen, column)
