//! A circle as its people live it, on phones with real cores, over the virtual network: roles that change, somebody who is
//! taken out, somebody who leaves, a fresh link, an heir, a second phone, a kit on paper; and what each of them then reads.

mod circle;
mod closing;
mod coming;
mod devices;
mod full;
mod going;
mod keys;
mod roles;
mod stopping;
mod unreadable;
mod who_let_in;
