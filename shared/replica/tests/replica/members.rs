//! Joining, being let in, losing a right.
