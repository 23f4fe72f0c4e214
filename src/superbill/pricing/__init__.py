"""What a payment system makes a stay worth: one folder for each system."""
