//! Compressed copies beside the files, so that the server does no work: Brotli at its best, gzip for the rest.

use crate::dist::Dist;
use anyhow::Context;
use flate2::{Compression, write::GzEncoder};
use std::{fs, io::Write};

/// Already compressed, or not worth it.
const AS_THEY_ARE: [&str; 2] = ["png", "ico"];

pub fn all(dist: &mut Dist) -> anyhow::Result<()> {
    for name in dist.names() {
        if AS_THEY_ARE.iter().any(|end| name.ends_with(end)) {
            continue;
        }
        let bytes = fs::read(dist.path(&name))?;
        let (brotli, gzip) = (brotli(&bytes)?, gzip(&bytes)?);
        fs::write(dist.path(&format!("{name}.br")), &brotli)?;
        fs::write(dist.path(&format!("{name}.gz")), &gzip)?;
        let sizes = dist.sizes_of(&name).context("the file is in the list")?;
        sizes.brotli = Some(brotli.len());
        sizes.gzip = Some(gzip.len());
    }
    Ok(())
}

fn brotli(bytes: &[u8]) -> anyhow::Result<Vec<u8>> {
    let params = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 24,
        size_hint: bytes.len(),
        ..Default::default()
    };
    let mut out = Vec::new();
    brotli::BrotliCompress(&mut &bytes[..], &mut out, &params)?;
    Ok(out)
}

fn gzip(bytes: &[u8]) -> anyhow::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}
