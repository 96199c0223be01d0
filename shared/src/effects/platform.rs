//! What only the platform can do for a person: clipboard, share sheet, taking over from another tab.

use crux_core::capability::Operation;
use facet::Facet;
use serde::{Deserialize, Serialize};

#[derive(Facet, Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
#[repr(C)]
pub enum PlatformOperation {
    CopyText {
        text: String,
    },
    /// Opens the share sheet; a shell without one copies instead.
    ShareText {
        text: String,
    },
    /// Asks the platform not to throw stored data away.
    KeepStorage,
    /// Makes this tab or process the one that runs the core, then starts anew.
    TakeOver,
    Reload,
}

#[derive(Facet, Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
#[repr(C)]
pub enum PlatformOutput {
    Happened,
    Refused,
}

impl Operation for PlatformOperation {
    type Output = PlatformOutput;
}
