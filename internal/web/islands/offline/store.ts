// What is kept on the device, in IndexedDB: drafts, the outbox, and their photos. Every
// record has an owner, so that officers who share a device do not see each other's.

export interface Part {
	name: string;
	value: string;
}

// Draft is a form that was begun and not sent.
export interface Draft {
	id: string; // owner and form
	owner: string;
	key: string;
	at: number; // when it was begun, milliseconds
	parts: Part[];
}

// Photo is a file of a draft or an entry; holder is their key.
export interface Photo {
	id?: number;
	holder: string;
	field: string;
	name: string;
	blob: Blob;
}

// Entry is a form that was sent by the officer, and not received by the server.
export interface Entry {
	seq?: number;
	key: string;
	owner: string;
	action: string;
	order: string;
	page: string; // where the form is, to change the entry there
	draft: string;
	label: string;
	at: string; // RFC 3339
	state: "waiting" | "refused";
	reason: string[];
	parts: Part[];
}

const flag = "outbox"; // in localStorage, where there is anything to send: pages need not open the database to know

let opened: Promise<IDBDatabase> | undefined;

function database(): Promise<IDBDatabase> {
	opened ??= new Promise((resolve, reject) => {
		const request = indexedDB.open("offline", 1);
		request.onupgradeneeded = () => {
			const db = request.result;
			db.createObjectStore("drafts", { keyPath: "id" });
			db.createObjectStore("outbox", { keyPath: "seq", autoIncrement: true });
			db.createObjectStore("photos", { keyPath: "id", autoIncrement: true }).createIndex("holder", "holder");
		};
		request.onsuccess = () => resolve(request.result);
		request.onerror = () => reject(request.error);
	});
	return opened;
}

// usable reports whether this browser keeps anything for us at all.
export async function usable(): Promise<boolean> {
	try {
		await database();
		return true;
	} catch {
		return false;
	}
}

function ask<T>(request: IDBRequest<T>): Promise<T> {
	return new Promise((resolve, reject) => {
		request.onsuccess = () => resolve(request.result);
		request.onerror = () => reject(request.error);
	});
}

// act runs work in one transaction and returns when it is on the disk.
async function act<T>(stores: string[], work: (tx: IDBTransaction) => Promise<T>): Promise<T> {
	const tx = (await database()).transaction(stores, "readwrite", { durability: "strict" });
	const done = new Promise<void>((resolve, reject) => {
		tx.oncomplete = () => resolve();
		tx.onabort = () => reject(tx.error ?? new Error("the transaction was aborted"));
	});
	const [result] = await Promise.all([work(tx), done]);
	return result;
}

async function read<T>(store: string, query: (s: IDBObjectStore) => IDBRequest<T>): Promise<T> {
	return ask(query((await database()).transaction(store).objectStore(store)));
}

async function dropPhotos(tx: IDBTransaction, holder: string): Promise<void> {
	const photos = tx.objectStore("photos");
	for (const id of await ask(photos.index("holder").getAllKeys(holder))) {
		photos.delete(id);
	}
}

export function draftOf(id: string): Promise<Draft | undefined> {
	return read("drafts", (s) => s.get(id));
}

export function saveDraft(draft: Draft): Promise<unknown> {
	return act(["drafts"], (tx) => ask(tx.objectStore("drafts").put(draft)));
}

export function dropDraft(id: string, key: string): Promise<void> {
	return act(["drafts", "photos"], (tx) => {
		tx.objectStore("drafts").delete(id);
		return dropPhotos(tx, key);
	});
}

export function photosOf(holder: string): Promise<Photo[]> {
	return read("photos", (s) => s.index("holder").getAll(holder));
}

// addPhoto keeps a photo together with the draft that it belongs to, and returns its id.
export function addPhoto(draft: Draft, photo: Photo): Promise<number> {
	return act(["drafts", "photos"], (tx) => {
		tx.objectStore("drafts").put(draft);
		return ask(tx.objectStore("photos").add(photo)) as Promise<number>;
	});
}

export function dropPhoto(id: number): Promise<unknown> {
	return act(["photos"], (tx) => ask(tx.objectStore("photos").delete(id)));
}

// post makes an entry of a draft.
export async function post(entry: Entry): Promise<void> {
	await act(["drafts", "outbox"], (tx) => {
		tx.objectStore("drafts").delete(entry.draft);
		return ask(tx.objectStore("outbox").add(entry));
	});
	localStorage.setItem(flag, "1");
}

export function anythingPosted(): boolean {
	return localStorage.getItem(flag) !== null;
}

// entriesOf returns an owner's entries in the order in which they were posted.
export async function entriesOf(owner: string): Promise<Entry[]> {
	const all = await read<Entry[]>("outbox", (s) => s.getAll());
	if (all.length === 0) {
		localStorage.removeItem(flag);
	}
	return all.filter((e) => e.owner === owner);
}

export function update(entry: Entry): Promise<unknown> {
	return act(["outbox"], (tx) => ask(tx.objectStore("outbox").put(entry)));
}

// dropEntry forgets an entry that the server has, or that the officer does not want.
export function dropEntry(entry: Entry): Promise<void> {
	return act(["outbox", "photos"], (tx) => {
		tx.objectStore("outbox").delete(entry.seq!);
		return dropPhotos(tx, entry.key);
	});
}

// reopen makes a draft of an entry again, and reports whether it could: a later draft of
// the same form is not written over, and what is gone is gone.
export function reopen(entry: Entry): Promise<boolean> {
	return act(["drafts", "outbox"], async (tx) => {
		const drafts = tx.objectStore("drafts");
		const outbox = tx.objectStore("outbox");
		if ((await ask(drafts.count(entry.draft))) > 0 || (await ask(outbox.count(entry.seq!))) === 0) {
			return false;
		}
		drafts.put({ id: entry.draft, owner: entry.owner, key: entry.key, at: Date.parse(entry.at), parts: entry.parts } satisfies Draft);
		outbox.delete(entry.seq!);
		return true;
	});
}
