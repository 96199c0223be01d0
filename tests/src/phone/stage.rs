//! Where phones are used: something that carries what a person does to a phone, and runs what follows.

use super::{Person, Phone};
use shared::Event;

pub trait Stage: Sized {
    fn phone(&mut self, phone: usize) -> &mut Phone;

    /// Gives the phone an event and lets happen what follows at once: the disk has answered, nothing is half done.
    fn tell(&mut self, phone: usize, event: Event);

    /// Lets time pass, in milliseconds.
    fn wait(&mut self, ms: u64);

    /// Reception comes or goes, and the platform tells the app.
    fn reception(&mut self, phone: usize, reception: bool);

    /// The app goes down and is opened again.
    fn reopen(&mut self, phone: usize);

    /// Somebody with the phone in their hand.
    fn person(&mut self, phone: usize) -> Person<'_, Self> {
        Person::new(self, phone)
    }
}
