"""Places that are named after countries are not taken for the countries."""

import pytest

from generator.collect.countries import candidates, resolve
from tests.collect.conftest import Project

TOWNS = {
    "AU": "Denmark, WA|denmark_wa|Denmark, Western Australia|St Lucia Qld|Holland Park|Texas, Qld",
    "BE": "Luxembourg, Belgium|province de luxembourg|Luxembourg province",
    "BR": "Salvador|Salvador, Brazil|Salvador, Bahia",
    "CA": "london_on|London, Ontario|jordan_on|Jordan Station ON|Norway Bay QC|Norway Point ON|"
    "Portugal Cove NL|Lebanon ON|togo_sk|New Norway AB|denmark_ns|holland_mb|Victoria BC|"
    "victoria_bc|Peru, Quebec|Poland Ont.",
    "CD": "Congo Kinshasa|Goma, Congo|Congo River",
    "CO": "Armenia, Colombia|Armenia Quindio",
    "CR": "Liberia, Costa Rica|liberia, guanacaste",
    "CU": "Trinidad, Cuba",
    "DO": "Dominican Republic|Dominican Rep.|República Dominicana",
    "GB": "Holland Park London|Birmingham|birmingham-uk|Wales|Washington, UK",
    "GR": "Macedonia, Greece|macedonia_greece",
    "GS": "South Georgia|Georgia South|southern georgia",
    "HK": "Hong Kong Island",
    "HR": "Mali Lošinj",
    "LB": "South Lebanon|Mount Lebanon|North Lebanon",
    "MT": "Malta Island|Malta MT",
    "NG": "Niger State|Benin City",
    "NL": "South Holland",
    "PG": "Papua New Guinea|New Guinea",
    "TT": "Port of Spain|Trinidad",
    "US": "lebanon_pa|Lebanon, PA|Lebanon PA|lebanon pa|lebanon (pa)|Lebanon, Pa.|Lebanon Penn.|"
    "Lebanon PA 17042|PA Lebanon|pa_lebanon|pennsylvania lebanon|Kansas, Lebanon|"
    "Lebanon, Pennsylvania|"
    "lebanon_in|lebanon-or|Lebanon, OR|Lebanon ME|lebanon_nh|Lebanon County|lebanon_pa_2019|"
    "Mount Lebanon|South Lebanon|Turkey Creek|turkey_creek|turkey-creek|Turkey Creek trip 2020|"
    "Turkey Run State Park|Turkey Hill|turkey point|Turkey Swamp Park|Turkey, TX|turkey_nc|"
    "Turkey Creek Road|jordan (mn)|Jordan MN|jordan_mn|Jordan, Minn.|Jordan UT|South Jordan|"
    "East Jordan|West Jordan UT|Jordan Valley|Jordan River|Jordan Street|peru indiana|peru-in|"
    "Peru, IN|peru_il|Peru NY|peru_ma|Peru, Maine|peru (nebraska)|mexico_mo|Mexico, Missouri|"
    "Mexico, ME|mexico_ny|Mexico Beach|Mexico Bay|cuba nm|Cuba, New Mexico|Cuba N.M.|cuba_mo|"
    "Cuba City|Cuba Street|Cuba Landing|poland-ohio|poland_oh|Poland, N.Y.|norway me|norway_me|"
    "Norway, Maine|maine_norway|Norway, Me.|norway-mi|Norway Creek|Norway Street|denmark sc|"
    "denmark_wi|Denmark S.C.|sweden me|sweden_ny|china me|china_maine|china-tx|texas-china|"
    "China Lake|China Grove|China Basin|china-town|Egypt, TX|egypt_pa|brazil_in|Brazil, Indiana|"
    "Holland, MI|holland pa|New Holland PA|Holland Tunnel|Panama City FL|panama-ny|Chile NY|"
    "Jamaica NY|jamaica_vt|Jamaica Plain|jamaica_plain_ma|Jamaica Bay|Jamaica Estates|"
    "malta_ny|Malta, Montana|"
    "Malta ID|malta_id|Malta MT|Greece NY|Greece, New York|Athens, Georgia|Rome GA|paris_tx|"
    "Paris, Texas|Berlin NH|london-ky|Birmingham AL|birmingham_al|Dublin OH|dublin_ca|Vienna VA|"
    "moscow_id|lima_oh|Naples FL|Venice CA|georgia_vt|georgia (vt)|Georgia (U.S. state)|"
    "Georgia USA|North Georgia|Georgia Street|Georgia Tech|Georgia Southern|Guinea, VA|Jersey City|"
    "jersey_city_nj|jersey_nj|jersey street|New Jersey|New Lebanon NY|Wales AK|wales_ak|"
    "guernsey wy|Guernsey County|Bermuda Run|Bermuda Run NC|Samoa CA|samoa_ca|Samoa, California|"
    "Macedonia OH|macedonia-ohio|Luxembourg WI|luxemburg-wi|Belgium WI|belgium, wisconsin|"
    "Germany Township|Switzerland County|switzerland_fl|Finland MN|Iraq AR|San Marino CA|"
    "san_marino_ca|Grenada MS|grenada_ms|Armenia NY|palestine_tx|Palestine, Texas|palestine IL|"
    "Syria VA|Jericho NY|Bethlehem PA|India Street|India St|Burma Road|Ceylon MN|Scotland SD|"
    "Scotland County|Ireland IN|ireland_in|Ireland WV|Angola IN|angola-la|Angola, NY|Togo MN|"
    "Trinidad CO|trinidad_co|trinidad_ca|Bolivia NC|bolivia_nc|England AR|Italy, TX|italy_tx|"
    "Spain SD|Dominica NY|Columbia|columbia_sc|Columbia, MO|Cameron|US TX|us_ga|Nevada, Missouri",
    "VG": "Virgin Islands|British Virgin Islands",
    "ZA": "Saint Helena Bay",
}
"""Country -> names of places in it that hold or resemble another country's."""


@pytest.mark.parametrize(
    ("name", "country"),
    [(name, country) for country, names in TOWNS.items() for name in names.split("|")],
)
def test_a_place_elsewhere_is_known_or_its_country_is_among_the_candidates(
    name: str, country: str
) -> None:
    place = resolve(name)
    found = {place.code} if place else {one.code for one in candidates(name)}
    assert country in found


@pytest.mark.parametrize(
    ("names", "country"),
    [
        ("Norway trip|norway in 2019|norway_in_winter|Norway roads|Norway road trip", "NO"),
        ("Norway highway|Norway coast|Norway north|Norway_no|Norway NO|Norway (north)", "NO"),
        ("france 2019|france-motorway|France A7|france_new|France old|France with kids", "FR"),
        ("Spain-highway|spain_es|Spain, Barcelona|Spain roads|spain carretera", "ES"),
        ("Germany BY|germany_by|germany-autobahn|Germany DE|germany 2", "DE"),
        ("Italy street views|Italy lake como|Italy MI|italy_it|Italy in spring", "IT"),
        ("Brazil SP|Brazil, PA|brazil 2018", "BR"),
        ("Japan street view|japan_streetview|Japan rural", "JP"),
        ("Cuba island|Cuba, Havana", "CU"),
        ("Panama Canal|Panama roads", "PA"),
        ("Mexico City|Mexico highway 1|Mexico State", "MX"),
        ("Kuwait City", "KW"),
        ("Guatemala City", "GT"),
        ("Scotland highlands|Scotland, UK", "GB"),
        ("Canada QC|canada bc|Canada_on|ontario-ca", "CA"),
        ("Australia_nsw|Australia WA", "AU"),
        ("USA CA|usa_ca|US-PA|usa_or", "US"),
    ],
)
def test_remarks_roads_and_a_country_s_own_codes_leave_it_the_country(
    names: str, country: str
) -> None:
    for name in names.split("|"):
        place = resolve(name)
        assert place and place.code == country, name


@pytest.mark.parametrize("name", ["Sweden Creek", "sweden park", "Sweden City", "Calle Suecia"])
def test_a_country_s_name_within_another_is_asked_about(name: str) -> None:
    assert resolve(name) is None
    assert "SE" in {place.code for place in candidates(name)}


def test_a_country_s_name_in_the_folder_of_the_united_states_is_perhaps_a_town(
    project: Project,
) -> None:
    project.add("usa/lebanon/a.jpg")
    assert project.only().country is None
    assert "It may mean Lebanon (LB) or United States (US)." in project.problem().reason


def test_a_town_in_the_folder_of_its_country_is_there(project: Project) -> None:
    project.add("usa/Turkey Creek/a.jpg")
    assert project.only().country == "US"
