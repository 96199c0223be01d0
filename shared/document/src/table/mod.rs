//! Every accepted op, who wrote it and what it replaced.
