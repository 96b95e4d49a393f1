// <offline-outbox> lists what the officer entered on this device and the server does not
// have yet, says what the sender does, and lets her change, send again or discard an entry.
import { dropEntry, entriesOf, type Entry, photosOf, reopen, update } from "./store";
import { exclusively, listen, type News, owner, type State, tell } from "./send";
import { button, element, sayer, when, type Say } from "./words";

class OfflineOutbox extends HTMLElement {
	#say!: Say;
	#state: State = navigator.onLine ? "idle" : "network";
	#deaf: (() => void) | undefined;
	#line = element("p", "outbox-state");
	#list = element("ul", "outbox-list");
	#sent = false; // something was sent while this page was open
	#turn = 0; // of the last drawing; an earlier one that is late is dropped
	#drawn = ""; // what the list shows: it is left alone, with its focus, while that is so

	connectedCallback(): void {
		if (!owner() || !("indexedDB" in window)) {
			return;
		}
		this.#say = sayer(this);
		this.#line.setAttribute("role", "status");
		this.replaceChildren(this.#line, this.#list);
		this.#deaf = listen((news) => this.#hear(news));
		void this.#draw();
	}

	disconnectedCallback(): void {
		this.#deaf?.();
	}

	#hear(news: News): void {
		if (news.kind === "state") {
			this.#state = news.state;
		}
		this.#sent ||= news.kind === "sent";
		void this.#draw();
	}

	async #draw(): Promise<void> {
		const turn = ++this.#turn;
		const entries = await entriesOf(owner()).catch((): Entry[] => []);
		const shown = JSON.stringify(entries.map((e) => [e.seq, e.state, e.reason]));
		const rows = shown === this.#drawn ? undefined : await Promise.all(entries.map((e) => this.#row(e)));
		if (turn !== this.#turn) {
			return;
		}
		const waiting = entries.filter((e) => e.state === "waiting").length;
		this.dataset.waiting = String(waiting);
		this.dataset.refused = String(entries.length - waiting);
		this.hidden = entries.length === 0 && !this.#sent;
		this.#line.replaceChildren(...this.#sentences(waiting, entries.length - waiting));
		if (rows) {
			this.#list.replaceChildren(...rows);
			this.#drawn = shown;
		}
	}

	#sentences(waiting: number, refused: number): (Node | string)[] {
		const out: string[] = [];
		if (waiting > 0) {
			out.push(this.#say(this.#state === "sending" ? "sending" : "waiting", { Count: waiting }));
			if (this.#state === "network" || this.#state === "failing" || this.#state === "other") {
				out.push(this.#say(this.#state));
			}
		}
		if (refused > 0) {
			out.push(this.#say("refused", { Count: refused }));
		}
		if (out.length === 0 && this.#sent) {
			out.push(this.#say("sent"));
		}
		const nodes: (Node | string)[] = [out.join(" ")];
		if (waiting > 0 && this.#state === "signin") {
			const link = element("a", "", this.#say("signin"));
			link.href = "/sign-in?next=" + encodeURIComponent(location.pathname + location.search);
			nodes.push(" ", link);
		}
		return nodes;
	}

	async #row(entry: Entry): Promise<HTMLLIElement> {
		const photos = (await photosOf(entry.key)).length;
		const facts = [when(entry.at), ...(photos > 0 ? [this.#say("photos", { Count: photos })] : [])].join(" · ");
		const row = element("li", "outbox-entry", element("strong", "", entry.label), element("span", "outbox-facts", facts));
		row.dataset.state = entry.state;
		for (const reason of entry.reason) {
			row.append(element("p", "field-error", reason));
		}
		const acts = element("p", "outbox-acts", button(this.#say("change"), () => void this.#change(entry)));
		if (entry.state === "refused") {
			acts.append(button(this.#say("again"), () => void this.#again(entry)));
		}
		acts.append(button(this.#say("discard"), () => this.#sure(acts, entry)));
		row.append(acts);
		return row;
	}

	// #sure asks once more, in place: what is discarded is gone.
	#sure(acts: HTMLElement, entry: Entry): void {
		const yes = button(this.#say("discard.sure"), () => void this.#discard(entry), "btn btn-danger");
		acts.replaceChildren(
			yes,
			button(this.#say("cancel"), () => {
				this.#drawn = "";
				void this.#draw();
			}),
		);
		yes.focus();
	}

	async #discard(entry: Entry): Promise<void> {
		await exclusively(() => dropEntry(entry));
		tell({ kind: "changed" });
	}

	async #again(entry: Entry): Promise<void> {
		await exclusively(() => update({ ...entry, state: "waiting", reason: [] }));
		tell({ kind: "changed" });
	}

	// #change opens the entry as a draft where its form is.
	async #change(entry: Entry): Promise<void> {
		if (await exclusively(() => reopen(entry))) {
			const [here, there] = [location.href, entry.page].map((address) => address.split("#")[0]);
			if (here === there) {
				location.reload();
			} else {
				location.assign(entry.page);
			}
			return; // the page that comes wakes the sender for what was held back
		}
		this.#line.textContent = this.#say("unfinished");
	}
}

customElements.define("offline-outbox", OfflineOutbox);
