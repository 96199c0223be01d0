//! A QR code with its quiet zone, and the same in words to select.

use leptos::prelude::*;
use shared::view::QrView;
use std::fmt::Write;

/// Modules of light around the code, which scanners need.
const QUIET: u32 = 4;

pub fn qr(qr: &QrView) -> impl IntoView + use<> {
    let side = qr.size + 2 * QUIET;
    let text = (!qr.text.is_empty()).then(|| view! { <p class="qr-text">{qr.text.clone()}</p> });
    view! {
        <figure class="qr">
            <svg viewBox=format!("0 0 {side} {side}") role="img" aria-label=qr.label.clone() shape-rendering="crispEdges">
                <path d=path(qr) />
            </svg>
            {text}
        </figure>
    }
}

/// One rectangle for each run of dark modules in a row.
fn path(qr: &QrView) -> String {
    let mut path = String::new();
    let size = qr.size as usize;
    if size == 0 || qr.modules.len() < size * size {
        return path;
    }
    for (y, row) in qr.modules.chunks_exact(size).enumerate() {
        let mut x = 0;
        while x < size {
            let length = row[x..].iter().take_while(|module| **module == 1).count();
            if length > 0 {
                let (left, top) = (x + QUIET as usize, y + QUIET as usize);
                // Writing to a string does not fail.
                let _ = write!(path, "M{left} {top}h{length}v1h-{length}z");
            }
            x += length.max(1);
        }
    }
    path
}
