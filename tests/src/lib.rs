//! Where to start reading.
