"""What happens between the rails: tags seen, rooms shown, pieces brought."""
