//! `WebSocket`s: a stream of answers to each `Open`, with exactly one `Closed` at its end.

use crate::bridge::answer_one_of_many;
use crux_core::Request;
use js_sys::{ArrayBuffer, Uint8Array};
use shared::effects::{SocketOperation, SocketOutput};
use std::{cell::RefCell, collections::BTreeMap, rc::Rc};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{BinaryType, Event, MessageEvent, WebSocket};

type Stream = Rc<RefCell<Request<SocketOperation>>>;
type Open = Rc<RefCell<BTreeMap<u64, Socket>>>;

/// Open sockets by the core's id.
#[derive(Default)]
pub struct Sockets {
    open: Open,
}

struct Socket {
    line: WebSocket,
    stream: Stream,
    _opened: Closure<dyn FnMut(Event)>,
    _received: Closure<dyn FnMut(MessageEvent)>,
    _closed: Closure<dyn FnMut(Event)>,
}

impl Sockets {
    pub fn run(&self, request: Request<SocketOperation>) {
        match request.operation.clone() {
            SocketOperation::Open { id, url } => self.open(id, &url, request),
            SocketOperation::Send { id, frame } => {
                if let Some(socket) = self.open.borrow().get(&id) {
                    // Not open any more: `Closed` is on its way.
                    let _ = socket.line.send_with_u8_array(&frame);
                }
            }
            SocketOperation::Close { id } => {
                if let Some(socket) = self.open.borrow().get(&id) {
                    let _ = socket.line.close();
                }
            }
        }
    }

    fn open(&self, id: u64, url: &str, request: Request<SocketOperation>) {
        let stream = Rc::new(RefCell::new(request));
        let Ok(socket) = WebSocket::new(url) else {
            return answer_one_of_many(&stream, SocketOutput::Closed);
        };
        socket.set_binary_type(BinaryType::Arraybuffer);
        let opened = {
            let stream = Rc::clone(&stream);
            Closure::new(move |_| answer_one_of_many(&stream, SocketOutput::Opened))
        };
        let received = {
            let (stream, socket) = (Rc::clone(&stream), socket.clone());
            Closure::new(move |message: MessageEvent| match message.data().dyn_into::<ArrayBuffer>() {
                Ok(bytes) => {
                    let frame = Uint8Array::new(&bytes).to_vec();
                    answer_one_of_many(&stream, SocketOutput::Received { frame });
                }
                // Text: not our protocol.
                Err(_) => drop(socket.close()),
            })
        };
        let closed = {
            let open = Rc::clone(&self.open);
            Closure::new(move |_| {
                let ended = open.borrow_mut().remove(&id);
                if let Some(ended) = ended {
                    answer_one_of_many(&ended.stream, SocketOutput::Closed);
                }
            })
        };
        // An `error` is always followed by a `close`.
        socket.set_onopen(Some(opened.as_ref().unchecked_ref()));
        socket.set_onmessage(Some(received.as_ref().unchecked_ref()));
        socket.set_onclose(Some(closed.as_ref().unchecked_ref()));
        let socket = Socket { line: socket, stream, _opened: opened, _received: received, _closed: closed };
        self.open.borrow_mut().insert(id, socket);
    }
}
