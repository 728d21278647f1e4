from .auth import (
    Auth as Auth,
)
from .auth import (
    TokenFile as TokenFile,
)
from .auth import (
    header_auth as header_auth,
)
from .auth import (
    oauth2_refresh as oauth2_refresh,
)
from .auth import (
    oauth2_service_account as oauth2_service_account,
)
from .calendar import (
    Window as Window,
)
from .commands import (
    check as check,
)
from .commands import (
    connectors as connectors,
)
from .commands import (
    findings as findings,
)
from .commands import (
    init as init,
)
from .commands import (
    open_ledger as open_ledger,
)
from .commands import (
    reconcile as reconcile,
)
from .commands import (
    report as report,
)
from .commands import (
    status as status,
)
from .commands import (
    sync as sync,
)
from .connector import (
    Connector as Connector,
)
from .connector import (
    Report as Report,
)
from .connector import (
    Unit as Unit,
)
from .connector import (
    pulls as pulls,
)
from .errors import (
    AdtallyError as AdtallyError,
)
from .errors import (
    AuthError as AuthError,
)
from .errors import (
    ConfigError as ConfigError,
)
from .errors import (
    ContractError as ContractError,
)
from .errors import (
    DeniedError as DeniedError,
)
from .errors import (
    LedgerError as LedgerError,
)
from .errors import (
    NotOffered as NotOffered,
)
from .errors import (
    QuotaError as QuotaError,
)
from .errors import (
    TooLarge as TooLarge,
)
from .errors import (
    TransientError as TransientError,
)
from .http import (
    Answer as Answer,
)
from .http import (
    Http as Http,
)
from .http import (
    http_error as http_error,
)
from .http import (
    retry_after as retry_after,
)
from .ledger import (
    Ledger as Ledger,
)
from .money import (
    minor as minor,
)
from .money import (
    rounded as rounded,
)
from .money import (
    to_micros as to_micros,
)
from .records import (
    Account as Account,
)
from .records import (
    Ad as Ad,
)
from .records import (
    AdGroup as AdGroup,
)
from .records import (
    Balance as Balance,
)
from .records import (
    Campaign as Campaign,
)
from .records import (
    Change as Change,
)
from .records import (
    Delivery as Delivery,
)
from .records import (
    Evidence as Evidence,
)
from .records import (
    Interaction as Interaction,
)
from .records import (
    Invoice as Invoice,
)
from .records import (
    InvoiceAccount as InvoiceAccount,
)
from .records import (
    InvoiceLine as InvoiceLine,
)
from .records import (
    InvoiceLink as InvoiceLink,
)
from .records import (
    Model as Model,
)
from .records import (
    Order as Order,
)
from .records import (
    RateKind as RateKind,
)
from .records import (
    Record as Record,
)
from .records import (
    Terms as Terms,
)
from .records import (
    canonical_account as canonical_account,
)
from .settings import (
    Settings as Settings,
)

__version__: str
