package main

import (
	"fmt"
	"os"
	"path/filepath"
)

// copyPaperFonts puts the fonts of papers where internal/format/pdf embeds them: the same
// letters as on the pages, but as TrueType, which is what a PDF can take in.
func copyPaperFonts(root string) error {
	from := filepath.Join(root, "node_modules", "@expo-google-fonts", "inter")
	for name, source := range map[string]string{
		"regular.ttf": filepath.Join("400Regular", "Inter_400Regular.ttf"),
		"bold.ttf":    filepath.Join("600SemiBold", "Inter_600SemiBold.ttf"),
	} {
		raw, err := os.ReadFile(filepath.Join(from, source))
		if err != nil {
			return fmt.Errorf("fonts of papers: %w", err)
		}
		if err := os.WriteFile(filepath.Join(root, "internal", "format", "pdf", "font", name), raw, 0o644); err != nil {
			return fmt.Errorf("fonts of papers: %w", err)
		}
	}
	return nil
}
