"""Server of the dashboard, for this computer only or for people who sign in; nothing is loaded from other sites."""

from dashboard.server.access import LOOPBACK, THIS_COMPUTER, ServerError, owner, refuse_open_address
from dashboard.server.headers import protect
from dashboard.server.passwords import PasswordFile
from dashboard.server.proxy import ProxyHeader
from dashboard.server.serving import BoundServer, bind_server
