"""The papers beside the page: reporting sheet, ClaimReview, data package."""
