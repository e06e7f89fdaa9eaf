"""Every metric that the application emits: a contract with the services' code.

Names are the services' own, even where a better one exists; what is odd about one is said beside it.
A bound is the most values that a label takes in one process.
"""

from catalogue.model.metric import Label, Unit, counter, gauge, histogram

PROBE_PATHS = "/(health|healthz|livez|readyz|metrics).*"
"""Endpoints that only machines visit: counted, they would dilute error ratios and hide latency."""

METHOD = Label(
    "method",
    8,
    values=("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"),
    overflow="OTHER",
)
# The route's template (`/api/v1/bills/{bill_id}`), never the path: paths are endless.
ENDPOINT = Label("endpoint", 80, overflow="__unmatched__")
STATUS = Label("status", 20)
# A route answers three methods at most, and each with six codes.
ROUTES = 80 * 3
SCRAPER = Label("scraper", 60)

HTTP_REQUESTS = counter(
    "http_requests_total",
    "Requests answered, by method, route template and exact status code.",
    METHOD,
    ENDPOINT,
    STATUS,
    combinations=ROUTES * 6,
)
# The objectives need a bucket at 1 s, the warning for slow answers one at 2 s.
HTTP_REQUEST_DURATION = histogram(
    "http_request_duration_seconds",
    "Time to answer a request.",
    METHOD,
    ENDPOINT,
    buckets="0.005 0.01 0.025 0.05 0.1 0.25 0.5 0.75 1.0 1.5 2.0 2.5 5.0 10.0",
    combinations=ROUTES,
)

BILLS_CREATED = counter(
    "bills_created_total",
    "Bills added. Known label sets start at 0, or the first of each is never counted.",
    Label("jurisdiction", 20),
    Label("type", 10),
)
# `_count` is a histogram's suffix; the name stays, for it is published.
ACTIVE_USERS = gauge(
    "active_users_count",
    "Users active now, over all replicas: each reports the same number, so read it with max.",
)
SEARCH_QUERIES = counter(
    "search_queries_total",
    "Searches. Never the text that was searched for.",
    Label("search_type", 5),
    Label("result", 4, values=("hit", "empty", "error")),
)
BILL_VIEWS = counter(
    "bill_views_total",
    "Views of the 200 most viewed bills; all others count as other.",
    Label("bill_id", 201),
)
USER_ACTIONS = counter(
    "user_actions_total",
    "Things that users did. Never who did them.",
    Label("action_type", 20),
)

DB_POOL_SIZE = gauge(
    "db_connection_pool_size",
    "Connections that the process may hold.",
    shared_out=True,
)
DB_POOL_AVAILABLE = gauge(
    "db_connection_pool_available",
    "Connections free to take: size and overflow, less those checked out.",
    shared_out=True,
)
DB_QUERY_DURATION = histogram(
    "db_query_duration_seconds",
    "Time of a database query.",
    Label("query_type", 6, values=("select", "insert", "update", "delete", "ddl")),
    Label("table", 41),
    buckets="0.001 0.0025 0.005 0.01 0.025 0.05 0.1 0.25 0.5 1.0 2.5 5.0",
)
# Percent, and an average since Redis started: shown, never alerted on.
CACHE_HIT_RATE = gauge(
    "cache_hit_rate",
    "Hits per hundred look-ups since the cache started.",
    Label("cache_type", 5),
    unit=Unit.PERCENT,
)
CACHE_REQUESTS = counter(
    "cache_requests_total",
    "Look-ups in caches within the process.",
    Label("cache_type", 5),
    Label("result", 3, values=("hit", "miss")),
)

SCRAPER_RUNS = counter(
    "scraper_runs_total",
    "Finished runs. A run that is still going counts nowhere.",
    SCRAPER,
    Label("status", 4, values=("success", "failure", "partial")),
)
# Runs take minutes to hours; a client's default buckets end at ten seconds.
SCRAPER_DURATION = histogram(
    "scraper_duration_seconds",
    "Time of a run.",
    SCRAPER,
    buckets="1.0 5.0 15.0 30.0 60.0 120.0 300.0 600.0 1200.0 1800.0 3600.0 7200.0",
)
RECORDS_SCRAPED = counter(
    "records_scraped_total",
    "Records that runs brought in.",
    SCRAPER,
    Label("entity_type", 15),
)
SCRAPER_ERRORS = counter(
    "scraper_errors_total",
    "Errors within runs, by the exception's class, never by its message. A run may have many and succeed.",
    SCRAPER,
    Label("error_type", 15),
)
SCRAPER_LAST_SUCCESS = gauge(
    "scraper_last_success_timestamp_seconds",
    "When a run last succeeded.",
    SCRAPER,
    unit=Unit.TIMESTAMP,
)

BUILD_INFO = gauge(
    "openpolicy_build_info",
    "Always 1; its labels say which build runs.",
    Label("version", 2),
    Label("commit", 2),
)

METRICS = (
    HTTP_REQUESTS,
    HTTP_REQUEST_DURATION,
    BILLS_CREATED,
    ACTIVE_USERS,
    SEARCH_QUERIES,
    BILL_VIEWS,
    USER_ACTIONS,
    DB_POOL_SIZE,
    DB_POOL_AVAILABLE,
    DB_QUERY_DURATION,
    CACHE_HIT_RATE,
    CACHE_REQUESTS,
    SCRAPER_RUNS,
    SCRAPER_DURATION,
    RECORDS_SCRAPED,
    SCRAPER_ERRORS,
    SCRAPER_LAST_SUCCESS,
    BUILD_INFO,
)
