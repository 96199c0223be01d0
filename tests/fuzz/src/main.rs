//! `kith-fuzz-seeds FOLDER`: writes the seeds of every target into a folder of its name.

use std::{io, path::Path};

fn main() -> io::Result<()> {
    let folder = std::env::args().nth(1).unwrap_or_else(|| "corpus".into());
    for (name, _, seeds) in kith_fuzz::targets() {
        let folder = Path::new(&folder).join(name);
        std::fs::create_dir_all(&folder)?;
        for (at, seed) in seeds.iter().enumerate() {
            std::fs::write(folder.join(format!("seed-{at:04}")), seed)?;
        }
    }
    Ok(())
}
