from .answer import (
    Answer as Answer,
    http_error as http_error,
    retry_after as retry_after,
    throttled as throttled,
)
from .auth import (
    Auth as Auth,
    header_auth as header_auth,
    oauth1 as oauth1,
)
from .calendar import (
    Window as Window,
    day_start as day_start,
    hour_start as hour_start,
    local_day as local_day,
    until_midnight as until_midnight,
)
from .commands import (
    check as check,
    close as close,
    connectors as connectors,
    findings as findings,
    init as init,
    open_ledger as open_ledger,
    reconcile as reconcile,
    report as report,
    show as show,
    since_closing as since_closing,
    status as status,
    sync as sync,
)
from .connector import (
    Connector as Connector,
    Report as Report,
    Unit as Unit,
    pulls as pulls,
)
from .errors import (
    AdtallyError as AdtallyError,
    AuthError as AuthError,
    ConfigError as ConfigError,
    ContractError as ContractError,
    DeniedError as DeniedError,
    LedgerError as LedgerError,
    Lost as Lost,
    NotOffered as NotOffered,
    NotReady as NotReady,
    QuotaError as QuotaError,
    TimedOut as TimedOut,
    TooLarge as TooLarge,
    TransientError as TransientError,
)
from .exporting import (
    export as export,
)
from .google import (
    GoogleSignIn as GoogleSignIn,
)
from .http import (
    Http as Http,
)
from .importing import (
    Imported as Imported,
    import_ as import_,
)
from .ledger import (
    Ledger as Ledger,
)
from .ledger.raw import (
    read_answer as read_answer,
)
from .lists import (
    batches as batches,
    check_count as check_count,
    cursor_pages as cursor_pages,
    in_common as in_common,
    once as once,
)
from .making import (
    prepared as prepared,
)
from .money import (
    minor as minor,
    rounded as rounded,
    to_micros as to_micros,
)
from .oauth2 import (
    oauth2_client_credentials as oauth2_client_credentials,
    oauth2_refresh as oauth2_refresh,
    oauth2_service_account as oauth2_service_account,
    signed_jwt as signed_jwt,
)
from .records import (
    Account as Account,
    Ad as Ad,
    AdGroup as AdGroup,
    Balance as Balance,
    Campaign as Campaign,
    Change as Change,
    CountryCost as CountryCost,
    Delivery as Delivery,
    Evidence as Evidence,
    HourlyCost as HourlyCost,
    Interaction as Interaction,
    Invoice as Invoice,
    InvoiceAccount as InvoiceAccount,
    InvoiceLine as InvoiceLine,
    InvoiceLink as InvoiceLink,
    Model as Model,
    Order as Order,
    RateKind as RateKind,
    Record as Record,
    Terms as Terms,
    canonical_account as canonical_account,
    hashed as hashed,
)
from .settings import (
    Settings as Settings,
)
from .showcase import (
    demo as demo,
    sandbox as sandbox,
)
from .tokens import (
    TokenFile as TokenFile,
)

__version__: str
