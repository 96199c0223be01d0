//! Single requests on their way to the server and back.

use super::{Place, World, queue::Due, traffic::length, weather::chance};
use crux_http::{
    HttpError,
    protocol::{HttpRequest, HttpResult},
};

/// After this time a phone gives up on a request, in milliseconds.
const REQUEST_TIMEOUT_MS: u64 = 20_000;

impl World {
    pub(super) fn send_request(&mut self, phone: usize, call: u64, request: HttpRequest) {
        let now = self.clock.now();
        let traffic = &mut self.around[phone].traffic;
        traffic.requests += 1;
        traffic.bytes_up += length(&request.body);
        self.spy.listen("a request", &request.body);
        self.spy.listen("a URL", request.url.as_bytes());
        let give_up = Due::Answer { phone, call, result: HttpResult::Err(HttpError::Timeout) };
        if self.around[phone].cut_off {
            let result = HttpResult::Err(HttpError::Io("no network".into()));
            return self.queue.push(now + 5, Due::Answer { phone, call, result });
        }
        self.queue.push(now + REQUEST_TIMEOUT_MS, give_up);
        if chance(&mut self.rng, self.weather.lost) {
            return;
        }
        if chance(&mut self.rng, self.weather.doubled) {
            let at = now + 2 * self.weather.delay(&mut self.rng);
            self.queue.push(at, Due::Request { phone, call: None, request: request.clone() });
        }
        let at = now + self.weather.delay(&mut self.rng);
        self.queue.push(at, Due::Request { phone, call: Some(call), request });
    }

    pub(super) fn request_arrives(&mut self, phone: usize, call: Option<u64>, request: &HttpRequest) {
        self.record.hear_request(&request.url, &request.body);
        match self.server_of(phone, Place::of(&request.url)).http(request) {
            Ok(mut response) => {
                self.record.hear_answer(&request.url, &response.body);
                if request.url.ends_with("/v1/sync") && response.status < 300 {
                    response.body = self.liar.bend_body(phone, response.body);
                }
                self.spy.listen("an answer", &response.body);
                if response.status >= 500 {
                    self.faults.push(format!("the server answered {} to {}", response.status, request.url));
                }
                if let Some(call) = call
                    && !chance(&mut self.rng, self.weather.lost)
                {
                    let at = self.clock.now() + self.weather.delay(&mut self.rng);
                    self.queue.push(at, Due::Answer { phone, call, result: HttpResult::Ok(response) });
                }
            }
            Err(error) => self.faults.push(format!("the server failed at {}: {error:#}", request.url)),
        }
        self.deliver();
    }

    pub(super) fn answer_arrives(&mut self, phone: usize, call: u64, result: HttpResult) {
        let result = match result {
            HttpResult::Ok(_) if self.around[phone].cut_off => {
                HttpResult::Err(HttpError::Io("cut off".into()))
            }
            HttpResult::Ok(response) => {
                self.around[phone].traffic.bytes_down += length(&response.body);
                HttpResult::Ok(response)
            }
            failed @ HttpResult::Err(_) => failed,
        };
        self.with_phone(phone, |phone| phone.http_done(call, result));
    }
}
