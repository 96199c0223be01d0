//! The app is killed between any two steps.
