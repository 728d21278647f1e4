"""The sandbox: a small made-up world of advertisers with known truth, and fakes of the platforms on loopback.

    with world.serve(world.World.build(seed=7)) as sandbox:
        config = sandbox.write_config(Path("demo"))

A platform's fake is a class that takes a World and has ``answer(request: Request) -> Reply``; the entry-point
group ``adtally.sandboxes`` names it, and its requests come in below ``/NAME/``. FAULTS says what can be made
to go wrong on the way, whichever fake answers.
"""

from .cast import MANAGERS
from .faults import FAULTS
from .messages import Fake, Reply, Request, json_reply
from .model import Account, AdGroup, Campaign, Planted, Row
from .paper import Bill, BillLine, Charge, Proof
from .server import Sandbox, installed, serve
from .spread import by_country, by_hour, country_costs
from .world import World

__all__ = [
    "FAULTS",
    "MANAGERS",
    "Account",
    "AdGroup",
    "Bill",
    "BillLine",
    "Campaign",
    "Charge",
    "Fake",
    "Planted",
    "Proof",
    "Reply",
    "Request",
    "Row",
    "Sandbox",
    "World",
    "by_country",
    "by_hour",
    "country_costs",
    "installed",
    "json_reply",
    "serve",
]
