// The sender: takes entries from the outbox in their order and posts each until the server
// has it. One tab sends at a time; the others hear of it.
import { anythingPosted, dropEntry, entriesOf, type Entry, photosOf, update } from "./store";

export type News =
	| { kind: "changed" } // entries came, went or changed
	| { kind: "sent"; key: string; href: string }
	| { kind: "refused"; key: string }
	| { kind: "state"; state: State };

// State is what the sender does: sends, has nothing to do, waits for the network, for the
// server to work again, for somebody to sign in, or for another officer to sign in.
export type State = "sending" | "idle" | "network" | "failing" | "signin" | "other";

const channel = "BroadcastChannel" in window ? new BroadcastChannel("outbox") : undefined;
const ears = new Set<(news: News) => void>();
channel?.addEventListener("message", (e: MessageEvent<News>) => hear(e.data));

function hear(news: News): void {
	for (const ear of ears) {
		ear(news);
	}
}

export function listen(ear: (news: News) => void): () => void {
	ears.add(ear);
	return () => ears.delete(ear);
}

export function tell(news: News): void {
	channel?.postMessage(news);
	hear(news);
}

// owner is the opaque name of who is signed in on this page; empty for a stranger.
export function owner(): string {
	return document.querySelector<HTMLMetaElement>("meta[name=owner]")?.content ?? "";
}

// leaving ends what a page does when it goes: one that waits in the browser's history
// would keep the lock from all others.
let leaving = new AbortController();
window.addEventListener("pagehide", () => leaving.abort());
window.addEventListener("pageshow", (event) => {
	if (event.persisted) {
		leaving = new AbortController();
		void wake();
	}
});

// exclusively runs work while no other tab sends.
export async function exclusively<T>(work: () => Promise<T>): Promise<T> {
	if (!navigator.locks) {
		return work();
	}
	const { signal } = leaving;
	const gone = new Promise<never>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
	gone.catch(() => undefined); // where the lock was never had, nobody asks
	return (await navigator.locks.request("outbox", { signal }, () => Promise.race([work(), gone]))) as T;
}

let running = false;
let again = false;
let timer = 0;
let failures = 0;

// start begins to send on this page, whichever of its scripts asks first.
export function start(): void {
	const root = document.documentElement;
	if (root.dataset.outbox !== undefined || !owner() || !("indexedDB" in window)) {
		return;
	}
	root.dataset.outbox = "";
	listen((news) => news.kind === "changed" && void wake());
	window.addEventListener("online", () => void wake());
	document.addEventListener("visibilitychange", () => document.hidden || void wake());
	void wake();
}

async function wake(): Promise<void> {
	again = true;
	if (running || !anythingPosted()) {
		return;
	}
	running = true;
	clearTimeout(timer);
	let state: State = "idle";
	try {
		while (again) {
			again = false;
			state = await exclusively(pass);
		}
	} catch {
		state = "network"; // the database was busy or gone; what is in it waits
	} finally {
		running = false;
	}
	tell({ kind: "state", state });
	const later = state === "network" || state === "failing";
	failures = later ? failures + 1 : 0;
	if (later) {
		timer = window.setTimeout(() => void wake(), Math.min(2 ** failures, 60) * 1000);
	}
}

// pass sends what can be sent now. An entry that is refused, or that the server fails at,
// holds back the later ones of its order.
async function pass(): Promise<State> {
	const failed = new Set<string>();
	for (;;) {
		const held = new Set(failed);
		const entry = (await entriesOf(owner())).find((e) => {
			if (e.state === "refused") {
				held.add(e.order);
			}
			return e.state === "waiting" && !held.has(e.order);
		});
		if (!entry) {
			return failed.size > 0 ? "failing" : "idle";
		}
		tell({ kind: "state", state: "sending" });
		const state = await settle(entry, await send(entry));
		if (state === "failing") {
			failed.add(entry.order);
		} else if (state !== "idle") {
			return state;
		}
	}
}

function retriable(status: number): boolean {
	return status === 408 || status === 425 || status === 429 || status >= 500;
}

// settle does what an answer asks for, and returns "idle" when the next entry can be sent.
async function settle(entry: Entry, answer: Response | undefined): Promise<State> {
	if (!answer) {
		return "network";
	}
	if (answer.type === "opaqueredirect") {
		return "signin"; // the only place where a script that posts is sent
	}
	if (answer.status === 401) {
		return "other";
	}
	if (retriable(answer.status)) {
		return "failing";
	}
	if (answer.ok) {
		const href = await hrefOf(answer);
		await dropEntry(entry);
		tell({ kind: "sent", key: entry.key, href });
	} else {
		await update({ ...entry, state: "refused", reason: await reasons(answer) });
		tell({ kind: "refused", key: entry.key });
	}
	return "idle";
}

async function send(entry: Entry): Promise<Response | undefined> {
	const body = new FormData();
	body.append("key", entry.key);
	body.append("at", entry.at);
	for (const { name, value } of entry.parts) {
		body.append(name, value);
	}
	for (const { field, blob, name } of await photosOf(entry.key)) {
		body.append(field, blob, name);
	}
	try {
		return await fetch(entry.action, {
			method: "POST", body, credentials: "same-origin", redirect: "manual",
			headers: { Accept: "text/html", "X-Offline-Owner": entry.owner },
			signal: AbortSignal.any([leaving.signal, AbortSignal.timeout(15 * 60 * 1000)]), // several photos over a poor link
		});
	} catch {
		return undefined;
	}
}

// hrefOf returns where the server sends the officer; only a path of this site counts.
async function hrefOf(answer: Response): Promise<string> {
	try {
		const { href } = (await answer.json()) as { href?: string };
		return href && /^\/(?![/\\])/.test(href) ? href : "";
	} catch {
		return "";
	}
}

// reasons returns the sentences that say why an entry was not accepted.
async function reasons(answer: Response): Promise<string[]> {
	const text = await answer.text().catch(() => "");
	let found: (string | null | undefined)[];
	if (answer.headers.get("Content-Type")?.includes("json")) {
		const problem = JSON.parse(text) as { title?: string; detail?: string; hint?: string };
		found = [problem.detail ?? problem.title, problem.hint];
	} else {
		const page = new DOMParser().parseFromString(text, "text/html");
		found = [...page.querySelectorAll(".error-summary li, .notice-bad")].map((e) => e.textContent);
	}
	const said = found.map((s) => s?.trim() ?? "").filter((s) => s !== "");
	return said.length > 0 ? said : [`${answer.status} ${answer.statusText}`.trim()];
}
