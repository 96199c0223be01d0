//! Finds the file for a request, in the best encoding that the client takes, and answers with it.

use std::{
    io,
    path::{Path, PathBuf},
    time::UNIX_EPOCH,
};

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, Method, Response, StatusCode, Uri, header},
};

use super::{
    headers::{Keep, media_type, set_common},
    path::{is_hashed, relative},
};

/// Encodings in the order in which they are preferred: name, and what is appended to the file's name.
const ENCODINGS: [(&str, &str); 2] = [("br", ".br"), ("gzip", ".gz")];

/// Answers a request that is not for the API. `root` is the web folder; without one there is a short page that says
/// what this server is.
pub async fn serve(root: Option<&Path>, method: &Method, uri: &Uri, headers: &HeaderMap) -> Response<Body> {
    if method != Method::GET && method != Method::HEAD {
        let mut response = plain(StatusCode::METHOD_NOT_ALLOWED, "This address is only for reading.\n");
        response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
        return response;
    }
    let Some(root) = root else {
        return match uri.path() {
            "/" => plain(StatusCode::OK, "This is a Kith server. It serves the API only.\n"),
            _ => plain(StatusCode::NOT_FOUND, "There is nothing at this address.\n"),
        };
    };
    let Some(mut file) = relative(uri.path()) else {
        return plain(StatusCode::NOT_FOUND, "There is nothing at this address.\n");
    };
    // Invitations, second phones, recovery kits.
    let first = uri.path().split('/').nth(1).unwrap_or_default();
    let is_link = matches!(first, "i" | "d" | "k");
    let is_page =
        is_link || file.as_os_str().is_empty() || file.extension().is_none() && !is_well_known(&file);
    if is_page {
        file = PathBuf::from("index.html");
    }
    let keep = match (is_link, is_hashed(&file)) {
        (true, _) => Keep::Never,
        (false, true) => Keep::Forever,
        (false, false) => Keep::Revalidate,
    };
    match find(root, &file, headers).await {
        Ok(found) => answer(&file, found, keep, headers),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            plain(StatusCode::NOT_FOUND, "There is nothing at this address.\n")
        }
        Err(error) => {
            tracing::warn!(%error, "could not read a file of the web app");
            plain(StatusCode::INTERNAL_SERVER_ERROR, "The app could not be read. Please try again.\n")
        }
    }
}

fn is_well_known(file: &Path) -> bool {
    file.starts_with(".well-known")
}

struct Found {
    bytes: Vec<u8>,
    etag: String,
    encoding: Option<&'static str>,
}

async fn find(root: &Path, file: &Path, headers: &HeaderMap) -> io::Result<Found> {
    let root = tokio::fs::canonicalize(root).await?;
    for (name, suffix) in ENCODINGS {
        if accepts(headers, name) {
            let mut encoded = file.as_os_str().to_owned();
            encoded.push(suffix);
            match read(&root, Path::new(&encoded)).await {
                Ok((bytes, etag)) => {
                    return Ok(Found { bytes, etag: format!("\"{etag}-{name}\""), encoding: Some(name) });
                }
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
    }
    let (bytes, etag) = read(&root, file).await?;
    Ok(Found { bytes, etag: format!("\"{etag}\""), encoding: None })
}

/// Bytes and a tag that changes with them (length and time of writing). A link that leads out of the folder is
/// treated as missing.
async fn read(root: &Path, file: &Path) -> io::Result<(Vec<u8>, String)> {
    let path = tokio::fs::canonicalize(root.join(file)).await?;
    let meta = tokio::fs::metadata(&path).await?;
    if !path.starts_with(root) || !meta.is_file() {
        return Err(io::ErrorKind::NotFound.into());
    }
    let written = meta.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
    Ok((tokio::fs::read(&path).await?, format!("{:x}-{written:x}", meta.len())))
}

fn answer(file: &Path, found: Found, keep: Keep, request: &HeaderMap) -> Response<Body> {
    let unchanged = request.get_all(header::IF_NONE_MATCH).iter().any(|value| {
        value
            .to_str()
            .is_ok_and(|v| v.split(',').any(|tag| tag.trim().trim_start_matches("W/") == found.etag))
    });
    let mut response = Response::new(if unchanged { Body::empty() } else { Body::from(found.bytes) });
    if unchanged {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    }
    let headers = response.headers_mut();
    set_common(headers, keep);
    let extension = file.extension().and_then(|e| e.to_str()).unwrap_or_default();
    let media =
        if is_well_known(file) && extension.is_empty() { "application/json" } else { media_type(extension) };
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
    if let Some(encoding) = found.encoding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    if let Ok(etag) = HeaderValue::from_str(&found.etag) {
        headers.insert(header::ETAG, etag);
    }
    response
}

/// Whether Accept-Encoding names the encoding and does not give it quality 0.
fn accepts(headers: &HeaderMap, encoding: &str) -> bool {
    headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|v| v.to_str().ok()).any(|value| {
        value.split(',').any(|item| {
            let mut parts = item.split(';').map(str::trim);
            parts.next().is_some_and(|name| name.eq_ignore_ascii_case(encoding))
                && !parts
                    .any(|p| p.strip_prefix("q=").is_some_and(|q| q.parse::<f32>().is_ok_and(|q| q <= 0.0)))
        })
    })
}

fn plain(status: StatusCode, text: &'static str) -> Response<Body> {
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    set_common(response.headers_mut(), Keep::Revalidate);
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type("txt")));
    response
}
