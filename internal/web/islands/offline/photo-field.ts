// A file field whose files are kept on the device. A field of several collects: a phone's
// camera gives one photo at a time.
import { exifOf, withExif } from "./exif";
import { addPhoto, type Draft, dropPhoto, type Photo, photosOf } from "./store";
import { button, element, type Say } from "./words";

interface Item {
	id?: number; // in the database; missing where it had no room
	file: File;
}

export class PhotoField {
	#items: Item[] = [];
	#list = element("ul", "photos");
	#busy: Promise<void> = Promise.resolve();

	constructor(
		private input: HTMLInputElement,
		private say: Say,
		private maxSide: number,
		private draft: () => Draft,
		private full: () => void,
	) {
		this.#list.hidden = true;
		input.after(this.#list);
		input.addEventListener("change", () => this.#collect([...(input.files ?? [])]));
	}

	// restore shows the photos of the draft.
	restore(kept: Photo[]): void {
		this.#items = kept
			.filter((p) => p.field === this.input.name)
			.map((p) => ({ id: p.id, file: new File([p.blob], p.name, { type: p.blob.type }) }));
		this.#show();
	}

	// settled waits for photos that are being stored, and reports whether all are.
	async settled(): Promise<boolean> {
		await this.#busy;
		return this.#items.every((item) => item.id !== undefined);
	}

	clear(): void {
		this.#items = [];
		this.#show();
	}

	#collect(files: File[]): void {
		// Until they are stored, the field holds all of them: the form could be sent plainly.
		const dropped = this.input.multiple ? [] : this.#items;
		const added = files.map((file): Item => ({ file }));
		this.#items = this.input.multiple ? [...this.#items, ...added] : added;
		this.#show();
		this.#busy = this.#busy.then(async () => {
			await Promise.all(dropped.map((item) => item.id !== undefined && dropPhoto(item.id)));
			for (const item of added) {
				item.file = await smaller(item.file, this.maxSide);
				await this.#store(item);
			}
			this.#show();
		});
	}

	async #store(item: Item): Promise<void> {
		const draft = this.draft();
		try {
			item.id = await addPhoto(draft, { holder: draft.key, field: this.input.name, name: item.file.name, blob: item.file });
		} catch {
			this.full();
		}
	}

	#remove(item: Item): void {
		this.#items = this.#items.filter((other) => other !== item);
		this.#show();
		this.#busy = this.#busy.then(async () => {
			if (item.id !== undefined) {
				await dropPhoto(item.id);
			}
		});
	}

	#show(): void {
		const all = new DataTransfer();
		for (const { file } of this.#items) {
			all.items.add(file);
		}
		this.input.files = all.files;
		this.#list.hidden = this.#items.length === 0;
		this.#list.replaceChildren(...this.#items.map((item) => this.#row(item)));
	}

	#row(item: Item): HTMLLIElement {
		const remove = button("×", () => this.#remove(item), "icon-button");
		remove.setAttribute("aria-label", this.say("photo.remove", { Name: item.file.name }));
		const preview = element("canvas", "photo-preview");
		preview.setAttribute("aria-hidden", "true");
		void draw(preview, item.file);
		return element("li", "photo", preview, element("span", "photo-name", item.file.name), remove);
	}
}

// draw shows a small copy; what is no picture, such as a paper, has none.
async function draw(canvas: HTMLCanvasElement, file: File): Promise<void> {
	try {
		const picture = await createImageBitmap(file, { resizeHeight: 96, resizeQuality: "medium" });
		canvas.width = picture.width;
		canvas.height = picture.height;
		canvas.getContext("2d")!.drawImage(picture, 0, 0);
		picture.close();
	} catch {
		canvas.hidden = true;
	}
}

// smaller returns a copy of a picture whose sides have at most so many pixels, upright and
// with what the camera wrote; 0, or what is small enough or no picture, returns the file
// itself.
async function smaller(file: File, side: number): Promise<File> {
	if (side <= 0 || !file.type.startsWith("image/")) {
		return file;
	}
	try {
		const picture = await createImageBitmap(file);
		const scale = side / Math.max(picture.width, picture.height);
		if (scale >= 1) {
			return file;
		}
		const canvas = document.createElement("canvas");
		canvas.width = Math.round(picture.width * scale);
		canvas.height = Math.round(picture.height * scale);
		const brush = canvas.getContext("2d")!;
		brush.imageSmoothingQuality = "high";
		brush.drawImage(picture, 0, 0, canvas.width, canvas.height);
		picture.close();
		const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.88));
		if (!blob) {
			return file;
		}
		return new File([withExif(blob, await exifOf(file))], file.name.replace(/\.[^.]*$/, "") + ".jpg", { type: blob.type });
	} catch {
		return file;
	}
}
