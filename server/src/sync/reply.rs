//! What a session does with the store's answers and with news.

use std::sync::Arc;

use kith_protocol::{
    Refusal, Stream,
    message::{Frame, Hello, Subject},
};

use super::{
    News,
    open::Open,
    page,
    session::{Answer, Output, Session, send},
    step::Step,
};
use crate::store::{AccessRow, Circle, Done, EntryRow, WrapRow};

impl Session {
    /// A step that needs nothing of the store.
    pub(super) fn act(&mut self, step: Step, now_ms: u64, out: &mut Vec<Output>) {
        let Some(open) = self.open.as_mut() else { return };
        match step {
            Step::Welcome => out.extend(open.welcome(now_ms).as_ref().map(send)),
            Step::Wraps => open.wraps_seen = Some(open.circle.last_wrap()),
            Step::RoundEnd if open.paused.is_empty() => out.push(send(&Frame::CaughtUp)),
            Step::More(cursors) if cursors.is_empty() => out.push(send(&Frame::Heard)),
            Step::More(cursors) => {
                open.resume_at(&cursors);
                self.round(now_ms);
            }
            Step::News(news) => self.hear(&news, now_ms, out),
            // An invitation may read access and post one Join.
            Step::Submit(_) | Step::SubmitWraps(_) | Step::HandBack(_) => {
                out.push(send(&Frame::Refused(Subject::Session, Refusal::Forbidden)));
            }
            _ => {}
        }
    }

    /// The answer to a step's question has come.
    pub(super) fn resume(&mut self, step: Step, answer: Answer, now_ms: u64, out: &mut Vec<Output>) {
        match (step, answer) {
            (Step::Hello(hello), Answer::Token(Some((circle, token)))) => {
                if hello.live {
                    // Before the circle is read, so that nothing falls between.
                    out.push(Output::Follow(circle));
                }
                self.steps.push_front(Step::Open(hello, circle, token.party));
            }
            (Step::Hello(_), Answer::Token(None)) => self.end(Refusal::Token, out),
            (Step::Open(hello, _, party), Answer::Circle(Some(circle))) => {
                match Open::new(circle, party, &hello, now_ms) {
                    Ok(open) => self.greet(open, &hello, now_ms, out),
                    Err(refusal) => self.end(refusal, out),
                }
            }
            (Step::Open(..) | Step::Refresh, Answer::Circle(None)) => self.end(Refusal::UnknownCircle, out),
            (Step::Refresh, Answer::Circle(Some(circle))) => self.refresh(&circle, now_ms, out),
            (Step::Access, Answer::Access(rows)) => self.send_access(rows, out),
            (Step::Wraps, Answer::Wraps(rows)) => self.send_wraps(rows, out),
            (Step::Page(stream), Answer::Entries(rows)) => self.send_page(stream, rows, out),
            (step, Answer::Done(done)) => self.done(&step, done, now_ms, out),
            (Step::Submit(_) | Step::SubmitAccess(_) | Step::SubmitWraps(_) | Step::HandBack(_), _) => {
                // Nothing was kept; the client sends the same bytes again.
                out.push(send(&Frame::Refused(Subject::Session, Refusal::Fault)));
            }
            _ => self.end(Refusal::Fault, out),
        }
    }

    fn greet(&mut self, open: Open, hello: &Hello, now_ms: u64, out: &mut Vec<Output>) {
        let forked = open.forked(&hello.cursors);
        if let Some(stream) = forked {
            let refusal = Refusal::Fork(stream == Stream::Access);
            out.push(send(&Frame::Refused(Subject::Session, refusal)));
        }
        let ahead = open.ahead(&hello.cursors);
        let waited_for = forked.is_none() && open.is_waited_for();
        self.open = Some(open);
        self.round(now_ms);
        if waited_for || !ahead.is_empty() {
            self.steps.push_front(Step::Missing(ahead));
        }
    }

    /// Puts a round before what waits: access, wraps, a page of each stream, its end.
    fn round(&mut self, now_ms: u64) {
        self.steps.push_front(Step::RoundEnd);
        self.catch_up(now_ms);
    }

    fn catch_up(&mut self, now_ms: u64) {
        let Some(open) = &self.open else { return };
        let steps: Vec<_> = open.first_steps(now_ms).into_iter().chain(open.page_steps()).collect();
        for step in steps.into_iter().rev() {
            self.steps.push_front(step);
        }
    }

    fn refresh(&mut self, circle: &Arc<Circle>, now_ms: u64, out: &mut Vec<Output>) {
        let Some(open) = self.open.as_mut() else { return };
        match open.update(circle, now_ms) {
            Ok(()) => self.catch_up(now_ms),
            Err(refusal) => self.end(refusal, out),
        }
    }

    /// Somebody's commit: sends on what follows what was sent, and reads the rest from the store.
    fn hear(&mut self, news: &Arc<News>, now_ms: u64, out: &mut Vec<Output>) {
        let Some(open) = self.open.as_mut() else { return };
        if let Err(refusal) = open.update(&news.circle, now_ms) {
            return self.end(refusal, out);
        }
        let first = open.first_steps(now_ms);
        if !first.is_empty() {
            self.steps.push_front(Step::News(Arc::clone(news)));
            for step in first.into_iter().rev() {
                self.steps.push_front(step);
            }
            return;
        }
        let streams = open.streams();
        for piece in &news.pieces {
            let next = open.sent(piece.stream) + 1 == piece.from && !open.paused.contains(&piece.stream);
            if next && streams.contains(&piece.stream) {
                let mine = (piece.from..=piece.to).all(|k| open.own.remove(&(piece.stream, k)));
                out.push(Output::Send(if mine { piece.stubs.clone() } else { piece.whole.clone() }));
                open.sent.insert(piece.stream, piece.to);
            }
        }
        let pages = open.page_steps();
        for step in pages.into_iter().rev() {
            self.steps.push_front(step);
        }
    }

    fn send_access(&mut self, mut rows: Vec<AccessRow>, out: &mut Vec<Output>) {
        let Some(open) = self.open.as_mut() else { return };
        let end = open.access_end();
        rows.retain(|row| row.seq <= end);
        let Some((page, last, more)) = page::access(self.limits, rows, end) else {
            return self.end(Refusal::Fault, out);
        };
        out.push(Output::Send(page));
        open.sent.insert(Stream::Access, last);
        let over = open.farewell().is_some();
        if more {
            self.steps.push_front(Step::Access);
        } else if over {
            self.end(Refusal::Forbidden, out);
        }
    }

    fn send_wraps(&mut self, rows: Vec<WrapRow>, out: &mut Vec<Output>) {
        let Some(open) = self.open.as_mut() else { return };
        let wraps = match open.wraps_seen.replace(open.circle.last_wrap()) {
            None => page::wanted_wraps(&open.circle, rows, open.access_at_hello),
            Some(_) => rows.into_iter().map(|row| row.wrap).collect(),
        };
        if !wraps.is_empty() {
            out.push(send(&Frame::Wraps(wraps)));
        }
    }

    fn send_page(&mut self, stream: Stream, mut rows: Vec<EntryRow>, out: &mut Vec<Output>) {
        let Some(open) = self.open.as_mut() else { return };
        // What was committed since belongs to an access stream that the client has not been told of.
        let head = open.circle.head(stream).k;
        rows.retain(|row| row.k <= head);
        let Some((page, last, more)) = page::entries(self.limits, stream, rows, &open.own, head) else {
            return self.end(Refusal::Fault, out);
        };
        out.push(Output::Send(page));
        open.sent.insert(stream, last);
        open.own.retain(|(of, k)| *of != stream || *k > last);
        if more {
            open.paused.insert(stream);
        }
    }

    fn done(&mut self, step: &Step, done: Done, now_ms: u64, out: &mut Vec<Output>) {
        let Some(open) = self.open.as_mut() else { return };
        for frame in &done.frames {
            if let Frame::Acked(ack) = frame
                && ack.k > open.sent(ack.stream)
            {
                open.own.insert((ack.stream, ack.k));
            }
            out.push(send(frame));
        }
        if matches!(step, Step::Submit(_)) {
            self.skip_refused(&done);
        }
        let Some(open) = self.open.as_mut() else { return };
        let Some(circle) = done.circle.clone() else { return self.end(Refusal::UnknownCircle, out) };
        if matches!(step, Step::HandBack(_)) {
            // Says what is lacking still.
            open.told_waiting = None;
            self.steps.push_front(Step::Welcome);
        }
        match News::of(done) {
            Some(news) => {
                let news = Arc::new(news);
                out.push(Output::Publish(Arc::clone(&news)));
                self.steps.push_front(Step::News(news));
            }
            None => {
                if let Err(refusal) = open.update(&circle, now_ms) {
                    self.end(refusal, out);
                }
            }
        }
    }

    /// A batch stops, per stream, at its first refusal: what is left of it comes next in line.
    fn skip_refused(&mut self, done: &Done) {
        for frame in &done.frames {
            let Frame::Refused(subject, _) = frame else { continue };
            let rest = self.steps.iter_mut().map_while(|step| match step {
                Step::Submit(envelopes) => Some(envelopes),
                _ => None,
            });
            for envelopes in rest {
                match subject {
                    Subject::Envelope(stream, _) => envelopes.retain(|envelope| {
                        envelope.read_header().is_ok_and(|header| header.stream != *stream)
                    }),
                    _ => envelopes.clear(),
                }
            }
        }
    }
}
