//! Hosts that are at fault, restored or gone.
