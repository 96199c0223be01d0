//! The web app builds, and everything it loads is bundled.

use crate::web::{self, Profile};
use anyhow::Result;

pub fn run() -> Result<()> {
    web::bundle(Profile::WebTest)
}
