//! HTTP by `fetch`: no cookies, no cache, no redirects, half a minute.

use crate::page;
use crux_http::{
    HttpError,
    protocol::{HttpHeader, HttpRequest, HttpResponse, HttpResult},
};
use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortSignal, Headers, ReferrerPolicy, Request, RequestCache, RequestCredentials, RequestInit,
    RequestRedirect, Response,
};

const PATIENCE_MS: u32 = 30_000;
/// More than any answer of ours; an endless one must not fill the memory.
const LARGEST: usize = 32 << 20;

pub async fn run(operation: &HttpRequest) -> HttpResult {
    match exchange(operation).await {
        Ok(response) => HttpResult::Ok(response),
        Err(fault) if page::get(&fault, "name") == "TimeoutError" => HttpResult::Err(HttpError::Timeout),
        Err(fault) => {
            let name = page::get(&fault, "name").as_string().unwrap_or_default();
            HttpResult::Err(HttpError::Io(name))
        }
    }
}

async fn exchange(operation: &HttpRequest) -> Result<HttpResponse, JsValue> {
    let headers = Headers::new()?;
    for header in &operation.headers {
        headers.append(&header.name, &header.value)?;
    }
    let init = RequestInit::new();
    init.set_method(&operation.method);
    init.set_headers(&headers);
    init.set_credentials(RequestCredentials::Omit);
    init.set_cache(RequestCache::NoStore);
    init.set_redirect(RequestRedirect::Error);
    init.set_referrer_policy(ReferrerPolicy::NoReferrer);
    init.set_signal(Some(&AbortSignal::timeout_with_u32(PATIENCE_MS)));
    if !operation.body.is_empty() {
        init.set_body(&Uint8Array::from(operation.body.as_slice()));
    }
    let request = Request::new_with_str_and_init(&operation.url, &init)?;
    let response: Response = JsFuture::from(page::window().fetch_with_request(&request)).await?.dyn_into()?;
    let body = Uint8Array::new(&JsFuture::from(response.array_buffer()?).await?);
    if body.length() as usize > LARGEST {
        return Err(JsValue::UNDEFINED);
    }
    Ok(HttpResponse { status: response.status(), headers: pairs(&response.headers()), body: body.to_vec() })
}

fn pairs(headers: &Headers) -> Vec<HttpHeader> {
    let pair = |entry: JsValue| {
        let entry: Array = entry.dyn_into().ok()?;
        Some(HttpHeader { name: entry.get(0).as_string()?, value: entry.get(1).as_string()? })
    };
    headers.entries().into_iter().filter_map(Result::ok).filter_map(pair).collect()
}
