// Forms that work without the network, for an officer in the yard.
//
// THE FORM
//
//	<offline-form data-label="Examination of MSCU 123456-5" [data-draft="examination-17"]
//	    [data-order="case-12"] [data-once] [data-max-side="2560"] data-texts="{…}">
//	  <form method="post" enctype="multipart/form-data" action="/examinations/17">
//	    <input type="hidden" name="key" value="a UUID of the server"> <input type="hidden" name="at">
//	    … fields, checklists, <input type="file" accept="image/*" multiple> as many as needed …
//
// Go pages write it with components.OfflineForm and components.OfflineKey. Without scripts,
// IndexedDB or room on the device it is the plain form that it looks like.
//
//	data-label     what the entry is called in the list of what waits
//	data-draft     names the draft; otherwise the form's address does
//	data-order     entries of one order are sent one after the other; one that is refused
//	               holds back the later ones of its order, and no others. Otherwise the address
//	data-once      the form is hidden while an entry of it waits
//	data-max-side  photos larger than so many pixels are made smaller before they are stored;
//	               those of cameras (JPEG) keep their Exif data, upright. Also on a single
//	               <input type="file">. What must stay as it came has none
//
// While it is filled in, everything is kept in IndexedDB, photos too, and is there again
// when the page is opened again. Hidden fields come back as well, such as the version that
// the officer saw, so that the server notices what others changed meanwhile. A field of
// several photos collects: each choice adds to it.
//
// THE REQUEST
//
// An entry is sent as multipart/form-data by POST to the form's action, in the order of
// entering, by one tab at a time, until the server has it: at once, on load of any page,
// when the browser says "online", and after 2, 4, 8 … 60 seconds. Beside the form's own
// fields:
//
//	key   a UUID, the same in every attempt: the server accepts it once and answers the
//	      second time as the first
//	at    when the button was pressed, by the device, RFC 3339
//
// and the header X-Offline-Owner, whose entry it is (web.SetOwner). The answers:
//
//	2xx            it is there; {"href": "/path"} as JSON is where the officer goes if that was
//	               at once and she has not begun anything else (web.Accepted)
//	401, /sign-in  she is asked to sign in as herself; then it goes on
//	408 425 429 5xx, no answer   tried again later
//	any other      the entry stays, and she reads why: problem+json, or the .error-summary or
//	               .notice of a page. She changes it, sends it again or discards it.
//
// PAGES
//
// Answers that the server marks by web.KeepOffline (header X-Offline-Owner) are kept by the
// service worker: the page when it is visited, its pictures, and what <offline-keep
// data-pages='["/a","/b"]'> asks for. <offline-outbox> lists what waits; <offline-pages>
// lists what is kept.
import { type Draft, draftOf, dropDraft, entriesOf, photosOf, post, saveDraft, usable } from "./offline/store";
import { fill, gather } from "./offline/fields";
import { PhotoField } from "./offline/photo-field";
import { listen, type News, owner, start, tell } from "./offline/send";
import { button, element, type Say, sayer, when } from "./offline/words";
import "./offline/outbox-list";
import "./offline/pages";

const rest = 300; // milliseconds without a keystroke after which a draft is written

class OfflineForm extends HTMLElement {
	#form!: HTMLFormElement;
	#say!: Say;
	#photos: PhotoField[] = [];
	#timer = 0;
	#began = 0; // when the draft was begun; 0: there is none
	#posted = ""; // key of the entry that was put into the outbox, while she waits for it
	#busy = false; // with putting it there
	#next = ""; // where the server sends the officer who posted it
	#writing: Promise<unknown> = Promise.resolve();

	connectedCallback(): void {
		const form = this.querySelector("form");
		if (!form || this.#form || !owner()) {
			return;
		}
		this.#form = form;
		this.#say = sayer(this);
		void usable().then((able) => (able ? this.#begin() : undefined));
	}

	async #begin(): Promise<void> {
		this.#photos = [...this.#form.querySelectorAll<HTMLInputElement>("input[type=file]")].map(
			(input) =>
				new PhotoField(input, this.#say, Number(input.dataset.maxSide ?? this.dataset.maxSide ?? 0), () => this.#draft(), () => this.#note("full")),
		);
		await this.#restore();
		this.#form.addEventListener("input", () => this.#touch());
		this.#form.addEventListener("reset", () => this.#touch());
		this.#form.addEventListener("submit", (event) => {
			event.preventDefault();
			void this.#submit(event.submitter);
		});
		document.addEventListener("visibilitychange", () => document.hidden && this.#timer && this.#write());
		document.addEventListener("input", () => (this.#posted = "")); // she has gone on here
		listen((news) => void this.#hear(news));
		await this.#hide();
		start();
		this.dataset.ready = "";
	}

	get #id(): string {
		return owner() + " " + (this.dataset.draft ?? new URL(this.#form.action).pathname);
	}

	// #field is a field of our own in the form; a form that lacks it gets one.
	#field(name: "key" | "at"): HTMLInputElement {
		let field = this.#form.querySelector<HTMLInputElement>(`input[name=${name}]`);
		if (!field) {
			field = Object.assign(document.createElement("input"), { type: "hidden", name });
			this.#form.append(field);
		}
		return field;
	}

	#draft(): Draft {
		this.#began ||= Date.now();
		return { id: this.#id, owner: owner(), key: this.#field("key").value, at: this.#began, parts: gather(this.#form) };
	}

	// #touch writes the draft when the hand rests.
	#touch(): void {
		clearTimeout(this.#timer);
		this.#timer = window.setTimeout(() => this.#write(), rest);
	}

	#write(): void {
		this.#still();
		if (this.#began === 0) {
			void navigator.storage?.persist?.(); // the browser must not throw it away for room
		}
		const draft = this.#draft();
		this.#writing = this.#writing.then(() => saveDraft(draft)).catch(() => this.#note("full"));
	}

	#still(): void {
		clearTimeout(this.#timer);
		this.#timer = 0;
	}

	async #restore(): Promise<void> {
		const draft = await draftOf(this.#id);
		if (!draft) {
			this.#fresh();
			return;
		}
		this.#began = draft.at;
		this.#field("key").value = draft.key;
		fill(this.#form, draft.parts);
		const kept = await photosOf(draft.key);
		this.#photos.forEach((field) => field.restore(kept));
		this.#note("draft", { Time: when(draft.at) }, button(this.#say("draft.drop"), () => void this.#startAnew()));
	}

	// #fresh gives the form a key that no entry had: a kept page comes with the same one
	// every time.
	#fresh(): void {
		this.#field("key").value = newKey();
	}

	async #startAnew(): Promise<void> {
		await this.#writing;
		await dropDraft(this.#id, this.#field("key").value);
		this.#empty();
	}

	#empty(): void {
		this.#form.reset();
		this.#still(); // which the reset began
		this.#began = 0;
		this.#photos.forEach((field) => field.clear());
		this.#fresh();
		this.querySelector(".offline-note")?.remove();
	}

	async #submit(submitter: HTMLElement | null): Promise<void> {
		if (this.#busy) {
			return;
		}
		this.#busy = true;
		await this.#post(submitter);
		this.#busy = false;
	}

	async #post(submitter: HTMLElement | null): Promise<void> {
		const parts = gather(this.#form, submitter);
		const { id: draft, key } = this.#draft();
		const at = new Date().toISOString();
		this.#still();
		try {
			await this.#writing;
			const stored = await Promise.all(this.#photos.map((field) => field.settled()));
			if (!stored.every(Boolean)) {
				throw new Error("a photo is not on the device");
			}
			await post({
				key, at, draft, parts, owner: owner(), action: this.#form.action, page: location.href, label: this.dataset.label || document.title,
				order: this.dataset.order ?? this.#form.action, state: "waiting", reason: [],
			});
		} catch {
			this.#plainly(at);
			return;
		}
		this.#posted = key;
		this.#empty();
		await this.#hide();
		tell({ kind: "changed" });
	}

	// #plainly has the browser send the form, for a device without room. Without the
	// network that would lose the page.
	#plainly(at: string): void {
		this.#note("full");
		if (navigator.onLine) {
			this.#field("at").value = at;
			this.#form.submit();
		}
	}

	async #hear(news: News): Promise<void> {
		if (news.kind === "sent" && news.key === this.#posted) {
			this.#next = news.href;
		}
		if (news.kind === "state" && news.state !== "sending") {
			if (this.#posted && this.#next) {
				location.assign(this.#next); // not before: leaving the page ends the sending
				return;
			}
			if (news.state !== "idle") {
				this.#posted = ""; // it waits, and she need not
			}
		}
		await this.#hide();
	}

	// #hide hides a form that is filled in once, while its entry waits.
	async #hide(): Promise<void> {
		if (this.dataset.once !== undefined) {
			this.#form.hidden = (await entriesOf(owner())).some((e) => e.draft === this.#id);
		}
	}

	// #note says something over the form.
	#note(name: string, args?: Record<string, string>, ...more: Node[]): void {
		this.querySelector(".offline-note")?.remove();
		const note = element("div", "offline-note", element("p", "", this.#say(name, args)), ...more);
		note.setAttribute("role", "status");
		this.#form.before(note);
	}
}

// newKey draws a UUID (RFC 9562 §5.4). crypto.randomUUID is not there on plain HTTP.
function newKey(): string {
	const b = crypto.getRandomValues(new Uint8Array(16));
	b[6] = (b[6] & 0x0f) | 0x40;
	b[8] = (b[8] & 0x3f) | 0x80;
	const hex = [...b].map((n) => n.toString(16).padStart(2, "0")).join("");
	return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

customElements.define("offline-form", OfflineForm);
start();
