//! A replica that has a device number: founder, waiting member, member, or one that was. Inputs go out from here.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use kith_protocol::access::{AccessLog, SignedAccess, Standing};
use kith_protocol::invite::InviteLink;
use kith_protocol::keyring::Keyring;
use kith_protocol::wrap::Wrap;
use kith_protocol::{CircleId, Cursor, DeviceNumber, DeviceSecrets, MemberNumber, Stream};

use crate::engine::documents::Documents;
use crate::engine::lack::Lack;
use crate::engine::lane::Lane;
use crate::engine::moving::Home;
use crate::engine::network::Network;
use crate::engine::offering::Offer;
use crate::engine::proposal::Proposals;
use crate::engine::run::{Next, Room, Wish};
use crate::engine::trouble::Trouble;
use crate::engine::wraps::Giving;
use crate::input::Input;
use crate::keys::Keys;
use crate::listing::Listing;
use crate::output::Notice;
use crate::port::{Batch, Port};
use crate::record::Applying;
use crate::status::Fault;
use crate::wish_record::Intent;

/// A circle that its host does not know yet.
pub(crate) struct Founded {
    pub signed: SignedAccess,
    pub wraps: Vec<Wrap>,
    pub at: u64,
}

/// What a host had no room for.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct NoRoom {
    pub entries: bool,
    pub access: bool,
}

/// Everything that a membership holds in memory; all of it can be made again from storage.
#[expect(clippy::struct_excessive_bools, reason = "each stands for itself; none follows from another")]
pub(crate) struct Member {
    pub port: Port,
    pub keys: Keys,
    pub listing: Arc<dyn Listing>,
    pub host: String,
    /// What is under way about where the circle is kept.
    pub home: Home,
    pub circle: CircleId,
    pub device: DeviceNumber,
    /// Whose device this is.
    pub mine: MemberNumber,
    pub secrets: DeviceSecrets,
    pub keyring: Keyring,
    /// The link that this device joined by; keys of a direct invitation are sealed for it.
    pub link: Option<InviteLink>,
    /// Of a circle founded offline: with a stamp of this device's own, until the host gives the true one.
    pub log: AccessLog,
    pub founded: Option<Founded>,
    pub lanes: BTreeMap<Stream, Lane>,
    pub documents: Documents,
    pub intents: BTreeMap<u64, Intent>,
    pub names: BTreeMap<MemberNumber, String>,
    pub network: Network,
    pub next_drawer: u64,
    pub in_drawer: usize,
    pub next_intent: u64,
    /// The access stream goes on with something that only a newer app understands.
    pub newer: bool,
    pub full: bool,
    /// What the host had no room for, when it was last tried.
    pub no_room: NoRoom,
    pub applying: Option<Applying>,
    /// Proof that the host does not do what it must: nothing is sent any more.
    pub fault: Option<Fault>,
    pub proposals: Proposals,
    /// Everything that the host has of membership is here, on the connection that stands now.
    pub current: bool,
    /// The streams of which the next page is to be asked for.
    pub more: BTreeSet<Stream>,
    /// Where a restored host stands in the streams that it has lost entries of.
    pub back: Vec<Cursor>,
    /// Keys for others that the host may lack, restored or new as it is.
    pub giving: Giving,
    /// A key that should be here is not.
    pub lack: Lack,
    /// Up to this place of this stream, entries are applied one by one.
    pub careful: Option<(Stream, u64)>,
    /// This entry is left out on this device, because it makes the app go down.
    pub aside: Option<(Stream, u64)>,
    /// The pairing that this device opened.
    pub offer: Option<Offer>,
    /// The circle was closed, and all of it that can still be had is here.
    pub wound_up: bool,
}

impl Member {
    /// Handles inputs until there is trouble.
    pub async fn serve(&mut self, wish: &mut Wish) -> Next {
        let trouble = match self.begin(wish).await {
            Ok(()) => self.go_on(wish).await,
            Err(trouble) => trouble,
        };
        self.network.close(&self.port);
        Next::Trouble(trouble)
    }

    async fn begin(&mut self, wish: &mut Wish) -> Result<(), Trouble> {
        self.publish();
        if !wish.told {
            wish.told = true;
            self.port.notice(Notice::Opened);
        }
        if std::mem::take(&mut wish.admitted) {
            self.port.notice(Notice::Admitted);
        }
        self.look_at_applying();
        // What followed from the access stream may have been cut short when the app went down.
        self.lose_the_lost().await?;
        self.settle().await?;
        self.lay_aside().await?;
        if self.ended() {
            self.drop_intents().await?;
        }
        self.tell_offer();
        self.tell_kits().await?;
        self.network.wanted = wish.connected;
        if wish.storage != Room::Fine {
            self.network.pause(self.port.now());
        }
        self.drive().await?;
        self.publish();
        Ok(())
    }

    async fn go_on(&mut self, wish: &mut Wish) -> Trouble {
        loop {
            let (at, input) = self.port.next().await;
            match input {
                Input::Connect => wish.connected = true,
                Input::Disconnect => wish.connected = false,
                _ => {}
            }
            let done = match self.handle(input, at).await {
                Ok(()) => self.drive().await,
                Err(trouble) => Err(trouble),
            };
            wish.storage = if self.full { Room::Full } else { Room::Fine };
            if let Err(trouble) = done {
                return trouble;
            }
            self.publish();
        }
    }

    async fn handle(&mut self, input: Input, at: u64) -> Result<(), Trouble> {
        match input {
            Input::Edit { edit, script } => self.edit(edit, script, at).await,
            Input::Prepare { document } => {
                self.prepare(&document).await;
                Ok(())
            }
            Input::OfferAgain { edit, drawer } => self.offer_again(edit, drawer, at).await,
            Input::Discard { drawer } => self.discard(drawer).await,
            Input::Connect => {
                self.network.wanted = true;
                self.network.hurry();
                Ok(())
            }
            Input::Disconnect => {
                self.network.wanted = false;
                self.network.close(&self.port);
                self.disconnected();
                Ok(())
            }
            Input::Foreground => {
                self.network.hurry();
                Ok(())
            }
            Input::Woke | Input::StorageDone(_) => Ok(()),
            Input::HttpDone { id, answer } => self.http_done(id, answer).await,
            Input::SocketOpened => {
                self.socket_opened();
                Ok(())
            }
            Input::SocketReceived(bytes) => self.socket_received(&bytes).await,
            Input::SocketClosed => {
                self.socket_closed();
                Ok(())
            }
            Input::TakeBack { wish } => self.take_back(wish).await,
            Input::ShowLink { request, invite } => self.show_link(request, invite).await,
            Input::Open => {
                self.port.notice(Notice::Opened);
                Ok(())
            }
            Input::Found(_)
            | Input::OpenInvite(_)
            | Input::OpenPairing(_)
            | Input::RestoreFromKit { .. }
            | Input::Join { .. } => {
                let reason = "this is a member already".to_owned();
                self.port.notice(Notice::ActionRefused { action: "begin", reason });
                Ok(())
            }
            Input::OfferDevice { request } => self.offer_device(request).await,
            Input::ConfirmDevice => self.confirm_device().await,
            Input::DeclineDevice => self.decline_device().await,
            Input::MakeKit { request } => self.make_kit(request).await,
            Input::KitKept { device } => self.kit_kept(device).await,
            Input::FollowTo { host } => self.follow_to(host).await,
            Input::GiveBack => {
                self.give_back();
                Ok(())
            }
            wish => self.wish(wish).await,
        }
    }

    /// Writes a batch; a success is the proof that there is room again.
    pub async fn write(&mut self, batch: Batch) -> Result<(), Trouble> {
        if batch.is_empty() {
            return Ok(());
        }
        match self.port.write(batch).await {
            Ok(()) => {
                self.full = false;
                Ok(())
            }
            Err(error) => Err(error.into()),
        }
    }

    /// While a write failed for want of room, and nothing new is to be written: writes what is there already, so that nobody is
    /// told for ever that there is no room.
    pub async fn look_for_room(&mut self) -> Result<(), Trouble> {
        if !self.full {
            return Ok(());
        }
        let mut batch = Batch::default();
        batch.put(self.keys.keyring(), self.keyring.to_bytes().to_vec());
        self.write(batch).await
    }

    /// Whether this device may write a stream, as far as it knows.
    pub fn may_write(&self, stream: Stream) -> bool {
        self.log.may_write(self.device, stream, self.log.head())
    }

    /// Whether this device reads a stream, as far as it knows.
    pub fn may_read(&self, stream: Stream) -> bool {
        self.log.may_read(self.device, stream, self.log.head())
    }

    /// Whether this membership is over.
    pub fn ended(&self) -> bool {
        matches!(self.standing(), Standing::Refused | Standing::Left | Standing::Removed)
    }

    /// How this member stands.
    pub fn standing(&self) -> Standing {
        let active = self.log.device(self.device).is_some_and(|device| device.until.is_none());
        match self.log.member(self.mine).map(|member| member.standing) {
            Some(Standing::Active) if !active => Standing::Removed,
            Some(standing) => standing,
            None => Standing::Removed,
        }
    }
}
