// SQLite as Debian installs it (libsqlite3-dev).
#include <sqlite3.h>
