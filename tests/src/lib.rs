//! Phones, a network and a server in one process and in virtual time. Where to start reading:
//! `phone/` (one phone: the real core with a shell whose every answer is chosen), `network/` (phones and the real
//! server, and what happens to what they send), `simulation/` (plans drawn from a seed, and what must hold at rest),
//! `bin/` (the programs).

#![expect(clippy::cast_precision_loss, reason = "figures for people to read")]

pub mod bench;
mod cpu;
pub mod demo;
pub mod network;
pub mod phone;
pub mod simulation;
